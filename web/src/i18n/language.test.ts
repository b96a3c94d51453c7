import { describe, expect, test } from 'vitest';
import { preferredLanguage } from '.';
import { en } from './en';
import { formatsOf } from './format';
import { ja } from './ja';

test.each([
  { chosen: null, browser: ['ja-JP', 'en'], want: 'ja' },
  { chosen: null, browser: ['fr', 'ja'], want: 'ja' },
  { chosen: null, browser: ['fr'], want: 'en' },
  { chosen: 'en', browser: ['ja'], want: 'en' },
  { chosen: 'xx', browser: ['ja'], want: 'ja' },
  { chosen: null, browser: [], want: 'en' },
])('$chosen, then $browser: $want', ({ chosen, browser, want }) => {
  expect(preferredLanguage(chosen, browser)).toBe(want);
});

describe('the dictionaries', () => {
  const leaves = (value: unknown, path = ''): [string, unknown][] =>
    value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
      : [[path, value]];

  // Types see missing keys, but not those of records with free keys, and no empty text.
  test('say the same things', () => {
    expect(leaves(ja).map(([path]) => path)).toEqual(leaves(en).map(([path]) => path));
  });

  test.each([
    { name: 'en', words: en },
    { name: 'ja', words: ja },
  ])('have something to say: $name', ({ words }) => {
    expect(leaves(words).filter(([, text]) => typeof text === 'string' && text.trim() === '')).toEqual([]);
  });

  test('Japanese is written with Japanese characters', () => {
    const english = leaves(ja).filter(
      ([, text]) =>
        typeof text === 'string' && /([a-z]{2,} ){3}[a-z]{2,}/i.test(text) && !/[ぁ-んァ-ヶ一-龠]/.test(text),
    );
    expect(english).toEqual([]);
  });
});

test('figures', () => {
  const { ago, bytes, duration, percent } = formatsOf('en');
  const now = new Date('2026-01-02T03:04:05Z');
  expect(ago(new Date('2026-01-02T03:00:00Z'), now)).toBe('4 minutes ago');
  expect(ago(now, now)).toBe('now');
  expect(ago(undefined, now)).toBe('–');
  expect(bytes(0)).toBe('0 B');
  expect(bytes(1536)).toBe('1.5 KiB');
  expect(bytes(3 * 1024 ** 3)).toBe('3 GiB');
  expect(bytes(undefined)).toBe('–');
  expect(percent(Number.NaN)).toBe('–');
  expect(duration(600)).toBe('10 minutes');
  expect(formatsOf('ja').duration(600)).toBe('10 分');
});
