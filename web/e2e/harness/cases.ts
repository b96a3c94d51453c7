import { all } from '../../src/i18n/all';

/** Both languages, and both engines with them. */
export const cases = [
  { language: 'en', text: all.en, engine: 'valkey' },
  { language: 'ja', text: all.ja, engine: 'redis' },
] as const;
