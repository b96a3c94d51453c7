import { all } from '../../src/i18n/all';

/** Both languages, and both engines with them. */
export const cases = [
  { language: 'en', text: all.en, engine: 'valkey' },
  { language: 'ja', text: all.ja, engine: 'redis' },
] as const;

/**
 * One of them, for what is the same in each. Each costs a minute of processor time, so half of the files take one, and
 * half the other; where a page must fit, it is English, whose words do not break at any character.
 */
export const [english, japanese] = cases;
