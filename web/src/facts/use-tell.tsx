import type { Fact } from '../api/own';
import { useFormats, useLanguage, useText } from '../i18n';
import { facts as ja } from '../i18n/ja/facts';
import { tell } from './tell';

export interface Told {
  words: string;
  lang?: 'en'; // where the words are not in the language of the page
}

/** Says in the language of the page what the service says in English, if it is a sentence of its own. */
export function useTell(): (fact: Fact | undefined, english: string) => Told {
  const { language } = useLanguage();
  const text = useText();
  const formats = useFormats();
  return (fact, english) => {
    if (language === 'en') return { words: english };
    const words = fact && tell(fact, { sentences: ja, between: '、', text, formats });
    return words === undefined ? { words: english, lang: 'en' } : { words };
  };
}

interface SayProps {
  fact: Fact | undefined;
  english: string;
  /** Whether it stands on its own, though it is worded as a part of a sentence. */
  whole?: boolean;
}

/** The same, to be shown. */
export function Say({ fact, english, whole = false }: SayProps) {
  const { language } = useLanguage();
  const { words, lang } = useTell()(fact, english);
  const said = whole ? sentence(words, lang ?? language) : words;
  return lang ? <span lang={lang}>{said}</span> : said;
}

/** Makes a sentence of a part of one. */
export function sentence(words: string, language: string): string {
  const ended = /[.。!?]$/.test(words);
  if (language === 'ja') return ended ? words : `${words}。`;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${ended ? '' : '.'}`;
}
