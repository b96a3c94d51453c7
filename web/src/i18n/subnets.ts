import { subnets as en } from './en/subnets';
import { subnets as ja } from './ja/subnets';

export const subnetWords = { en, ja };
