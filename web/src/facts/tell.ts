// Makes sentences of facts in another language than English, whose words come with the facts.
import type { Fact, FactValue } from '../api/own';
import { secondsOf } from '../cache/durations';
import type { Dictionary } from '../i18n/en';
import type { Formats } from '../i18n/format';
import { codes } from './codes';

type Codes = typeof codes;
type Code = keyof Codes;

/** A sentence for each code. A value that is not there is empty. */
export type Sentences = { [C in Code]: (values: Record<keyof Codes[C], string>) => string };

export interface Language {
  sentences: Sentences;
  between: string; // two parts of a list
  text: Dictionary;
  formats: Formats;
}

/** Undefined where the fact, or one within it, is not known here: it is of another version of aikagi. */
export function tell({ Code: code, Values: values }: Fact, language: Language): string | undefined {
  if (!isCode(code)) return undefined;
  const kinds: Record<string, string> = codes[code];
  const words = Object.fromEntries(Object.keys(kinds).map((name) => [name, ''] as [string, string | undefined]));
  for (const value of values) words[value.Name] = wordsOf(value, kinds[value.Name], language);
  if (Object.values(words).includes(undefined)) return undefined;
  return (language.sentences[code] as (values: typeof words) => string)(words);
}

const isCode = (code: string): code is Code => Object.hasOwn(codes, code);

function wordsOf({ Text: told, Facts: facts }: FactValue, kind: string | undefined, language: Language) {
  if (facts.length === 0) return ofKind(told, kind, language);
  const parts = facts.map((inner) => tell(inner, language));
  return parts.includes(undefined) ? undefined : parts.join(language.between);
}

function ofKind(told: string, kind: string | undefined, { text, formats, between }: Language): string {
  const { rotation } = text;
  const seconds = secondsOf(told) ?? 0;
  switch (kind) {
    case 'credential':
      return rotation.credential(told);
    case 'set':
      return told.split(',').map(rotation.credential).join(between);
    case 'duration':
      return formats.duration(seconds);
    case 'ago':
      return formats.ago(new Date(-seconds * 1000), new Date(0));
    case 'time':
      return formats.dateTime(new Date(told));
    case 'number':
      return formats.number(Number(told));
    case 'state':
      return (rotation.state as Record<string, string>)[told] ?? told;
    case 'cause':
      return rotation.receipt.causes[told] ?? told;
    default:
      return told;
  }
}
