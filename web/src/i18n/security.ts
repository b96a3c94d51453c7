import { security as en } from './en/security';
import { security as ja } from './ja/security';

export const securityWords = { en, ja };
