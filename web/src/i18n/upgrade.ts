import { upgrade as en } from './en/upgrade';
import { upgrade as ja } from './ja/upgrade';

export const upgradeWords = { en, ja };
