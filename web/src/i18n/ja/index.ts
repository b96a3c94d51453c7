import type { Dictionary } from '../en';
import { common } from './common';
import { signIn } from './sign-in';

export const ja: Dictionary = { common, signIn };
