import { expect, it } from 'vitest';
import { dayNames, formatWindow, parseWindow, sayWindow } from './window';

it.each([
  ['sun:23:00-mon:00:00', { day: 0, start: 23 * 60, length: 60 }],
  ['sat:23:30-sun:01:00', { day: 6, start: 23 * 60 + 30, length: 90 }],
  ['tue:05:00-tue:06:00', { day: 2, start: 300, length: 60 }],
  ['tue:05:00-wed:05:00', { day: 2, start: 300, length: 24 * 60 }],
])('reads and writes %s', (text, window) => {
  expect(parseWindow(text)).toEqual(window);
  expect(formatWindow(window)).toBe(text);
});

it.each(['', 'noon', 'xxx:23:00-mon:00:00', 'sun:23:00-mon:0:00'])('takes %j for no window', (text) => {
  expect(parseWindow(text)).toBeUndefined();
  expect(sayWindow(text, 'en')).toBe(text);
});

it('says windows in the language of the page', () => {
  expect(dayNames('ja')[0]).toBe('日曜日');
  expect(sayWindow('sun:23:00-mon:00:00', 'en')).toBe('Sunday 23:00 – Monday 00:00 UTC');
  expect(sayWindow('tue:05:00-tue:06:00', 'ja')).toBe('火曜日 05:00 – 06:00 UTC');
});
