import { en } from '../../src/i18n/en';
import { ja } from '../../src/i18n/ja';
import { parameterWords } from '../../src/i18n/parameters';

/** All that the console says, with the pages that have their words themselves. */
const texts = {
  en: { ...en, parameters: parameterWords.en },
  ja: { ...ja, parameters: parameterWords.ja },
};

/** Both languages, and both engines with them. */
export const cases = [
  { language: 'en', text: texts.en, engine: 'valkey' },
  { language: 'ja', text: texts.ja, engine: 'redis' },
] as const;
