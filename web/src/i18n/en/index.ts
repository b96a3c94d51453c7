import { common } from './common';
import { signIn } from './sign-in';

/** Everything that the console says; a file for each page. */
export const en = { common, signIn };

/** What every language has to say: a missing key, or one too many, fails the build. */
export type Dictionary = typeof en;
