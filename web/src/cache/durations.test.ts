import { describe, expect, it } from 'vitest';
import { countdown, finishRule, secondsOf } from './durations';

describe('secondsOf', () => {
  it.each([
    ['10m0s', 600],
    ['1h30m', 5400],
    ['0s', 0],
    ['0', 0],
    ['250ms', 0.25],
    ['1.5h', 5400],
    [' 30s ', 30],
  ])('reads %s', (text, seconds) => expect(secondsOf(text)).toBe(seconds));
  it.each(['', '10', '10 m', 'soon', '5d', '-3s'])('does not read %s', (text) => {
    expect(secondsOf(text)).toBeUndefined();
  });
});

it('reads finish rules', () => {
  expect(finishRule('quiet=10m,deadline=24h')).toEqual({ ask: false, quiet: 600, deadline: 86_400 });
  expect(finishRule('ask')).toEqual({ ask: true });
});

it('counts down', () => {
  expect(countdown(581)).toEqual({ days: 0, clock: '9:41' });
  expect(countdown(3723)).toEqual({ days: 0, clock: '1:02:03' });
  expect(countdown(90_061)).toEqual({ days: 1, clock: '01:01:01' });
  expect(countdown(0.2).clock).toBe('0:01');
  expect(countdown(-5).clock).toBe('0:00');
});
