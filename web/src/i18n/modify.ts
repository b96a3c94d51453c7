import { modify as en } from './en/modify';
import { modify as ja } from './ja/modify';

export const modifyWords = { en, ja };
