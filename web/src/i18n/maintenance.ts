import { maintenance as en } from './en/maintenance';
import { maintenance as ja } from './ja/maintenance';

export const maintenanceWords = { en, ja };
