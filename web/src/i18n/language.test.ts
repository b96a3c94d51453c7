import { describe, expect, test } from 'vitest';
import { preferredLanguage } from '.';
import { all } from './all';
import { formatsOf } from './format';

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
    expect(leaves(all.ja).map(([path]) => path)).toEqual(leaves(all.en).map(([path]) => path));
  });

  test.each([
    { name: 'en', words: all.en },
    { name: 'ja', words: all.ja },
  ])('have something to say: $name', ({ words }) => {
    expect(leaves(words).filter(([, text]) => typeof text === 'string' && text.trim() === '')).toEqual([]);
  });

  test('Japanese is written with Japanese characters', () => {
    const english = leaves(all.ja).filter(
      ([, text]) =>
        typeof text === 'string' && /([a-z]{2,} ){3}[a-z]{2,}/i.test(text) && !/[ぁ-んァ-ヶ一-龠]/.test(text),
    );
    expect(english).toEqual([]);
  });
});

test('figures', () => {
  const { ago, bytes, percent } = formatsOf('en');
  const now = new Date('2026-01-02T03:04:05Z');
  expect(ago(new Date('2026-01-02T03:00:00Z'), now)).toBe('4 minutes ago');
  expect(ago(now, now)).toBe('now');
  expect(ago(undefined, now)).toBe('–');
  expect(bytes(0)).toBe('0 B');
  expect(bytes(1536)).toBe('1.5 KiB');
  expect(bytes(3 * 1024 ** 3)).toBe('3 GiB');
  expect(bytes(undefined)).toBe('–');
  expect(percent(Number.NaN)).toBe('–');
});

// Who reads how long a credential works still must not be told more than that.
test.each([
  [0, '0 seconds', '0 秒'],
  [0.25, '0.25 seconds', '0.25 秒'],
  [1, '1 second', '1 秒'],
  [1.5, '1.5 seconds', '1.5 秒'],
  [59.97, '59.9 seconds', '59.9 秒'],
  [90, '1 minute 30 seconds', '1 分 30 秒'],
  [600, '10 minutes', '10 分'],
  [3599, '59 minutes 59 seconds', '59 分 59 秒'],
  [5400, '1 hour 30 minutes', '1 時間 30 分'],
  [4.1 * 3600, '4 hours 6 minutes', '4 時間 6 分'],
  [25 * 3600, '1 day 1 hour', '1 日 1 時間'],
  [47 * 3600, '1 day 23 hours', '1 日 23 時間'],
  [48 * 3600 - 1, '1 day 23 hours', '1 日 23 時間'],
  [48 * 3600, '2 days', '2 日'],
  [48 * 3600 + 60, '2 days', '2 日'],
  [1500 * 86_400, '1,500 days', '1,500 日'],
])('a duration of %d s is "%s", "%s"', (seconds, english, japanese) => {
  expect(formatsOf('en').duration(seconds)).toBe(english);
  expect(formatsOf('ja').duration(seconds)).toBe(japanese);
});
