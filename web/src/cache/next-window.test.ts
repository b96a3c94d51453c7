import { expect, test } from 'vitest';
import { nextWindow, windowWords } from './next-window';

const at = (time: string) => new Date(`${time}Z`);

test('a window ahead in this week', () => {
  const monday = at('2026-11-23T12:00');
  expect(nextWindow('wed:05:00-wed:06:30', monday)).toEqual({
    from: at('2026-11-25T05:00'),
    to: at('2026-11-25T06:30'),
  });
});

test('one that is over comes next week', () => {
  const monday = at('2026-11-23T12:00');
  expect(nextWindow('mon:05:00-mon:06:00', monday)?.from).toEqual(at('2026-11-30T05:00'));
});

test('one that is open, also over the end of the week', () => {
  expect(nextWindow('mon:11:30-mon:12:30', at('2026-11-23T12:00'))?.from).toEqual(at('2026-11-23T11:30'));
  expect(nextWindow('sat:23:00-sun:01:00', at('2026-11-22T00:30'))).toEqual({
    from: at('2026-11-21T23:00'),
    to: at('2026-11-22T01:00'),
  });
});

test('what is no window is none', () => {
  expect(nextWindow(undefined, new Date())).toBeUndefined();
  expect(nextWindow('some day', new Date())).toBeUndefined();
});

test('both languages name the days', () => {
  const window = nextWindow('sun:23:00-mon:00:00', at('2026-11-22T12:00'));
  if (!window) throw new Error('no window');
  expect(windowWords(window, 'en', 'UTC')).toBe('Sunday 23:00 – Monday 00:00 UTC');
  expect(windowWords(window, 'ja', 'UTC')).toBe('日曜日 23:00 – 月曜日 00:00 UTC');
  expect(windowWords(window, 'ja', 'Asia/Tokyo')).toMatch(/^月曜日 08:00 – 月曜日 09:00 /);
});
