import { parameters as en } from './en/parameters';
import { parameters as ja } from './ja/parameters';

export const parameterWords = { en, ja };
