import { en } from '../../src/i18n/en';
import { ja } from '../../src/i18n/ja';

/** Both languages, and both engines with them. */
export const cases = [
  { language: 'en', text: en, engine: 'valkey' },
  { language: 'ja', text: ja, engine: 'redis' },
] as const;
