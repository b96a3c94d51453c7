import { en } from '../../src/i18n/en';
import { ja } from '../../src/i18n/ja';
import { maintenanceWords } from '../../src/i18n/maintenance';
import { parameterWords } from '../../src/i18n/parameters';
import { upgradeWords } from '../../src/i18n/upgrade';

/** All that the console says, with the pages that have their words themselves. */
const texts = {
  en: { ...en, maintenance: maintenanceWords.en, parameters: parameterWords.en, upgrade: upgradeWords.en },
  ja: { ...ja, maintenance: maintenanceWords.ja, parameters: parameterWords.ja, upgrade: upgradeWords.ja },
};

/** Both languages, and both engines with them. */
export const cases = [
  { language: 'en', text: texts.en, engine: 'valkey' },
  { language: 'ja', text: texts.ja, engine: 'redis' },
] as const;
