import { I18nProvider } from '@cloudscape-design/components/i18n';
import messagesEn from '@cloudscape-design/components/i18n/messages/all.en';
import messagesJa from '@cloudscape-design/components/i18n/messages/all.ja';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { type Dictionary, en } from './en';
import { type Formats, formatsOf } from './format';
import { ja } from './ja';

export const languages = { en: 'English', ja: '日本語' } as const;
export type Language = keyof typeof languages;

const dictionaries: Record<Language, Dictionary> = { en, ja };

interface Locale {
  language: Language;
  setLanguage(language: Language): void;
  text: Dictionary;
  formats: Formats;
}

const Context = createContext<Locale | null>(null);
const storageKey = 'aikagi-language';

/** The language that was chosen here before, else the first of the browser's that there is. */
export function preferredLanguage(chosen: string | null, browser: readonly string[]): Language {
  const known = [chosen ?? '', ...browser].map((tag) => tag.slice(0, 2).toLowerCase());
  return known.find((tag): tag is Language => tag in dictionaries) ?? 'en';
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() =>
    preferredLanguage(localStorage.getItem(storageKey), navigator.languages),
  );
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const locale = useMemo(
    () => ({
      language,
      setLanguage: (next: Language) => {
        localStorage.setItem(storageKey, next);
        setLanguage(next);
      },
      text: dictionaries[language],
      formats: formatsOf(language),
    }),
    [language],
  );
  return (
    <Context value={locale}>
      <I18nProvider locale={language} messages={[messagesEn, messagesJa]}>
        {children}
      </I18nProvider>
    </Context>
  );
}

function useLocale(): Locale {
  const locale = useContext(Context);
  if (!locale) throw new Error('no LanguageProvider');
  return locale;
}

/** Everything that the console says, in the language of the page. */
export const useText = (): Dictionary => useLocale().text;

/** Numbers, sizes and times, as the language of the page writes them. */
export const useFormats = (): Formats => useLocale().formats;

export const useLanguage = () => {
  const { language, setLanguage } = useLocale();
  return { language, setLanguage };
};
