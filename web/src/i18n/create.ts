import { create as en } from './en/create';
import { create as ja } from './ja/create';

export const createWords = { en, ja };
