import { describe, expect, it } from 'vitest';
import { generateToken, isToken, keepsRule } from './token';

describe('rules', () => {
  it.each([
    ['', undefined, undefined],
    ['a'.repeat(15), false, true],
    ['a'.repeat(16), true, true],
    ['a'.repeat(128), true, true],
    ['a'.repeat(129), false, true],
    ['Aa09!&#$^<>-abcd', true, true],
    ['has-a-space inside', true, false],
    ['has@an-at-sign-in', true, false],
    ['トークンは半角英数字だけですので', true, false],
  ])('%s', (token, length, characters) => {
    expect(keepsRule('length', token)).toBe(length);
    expect(keepsRule('characters', token)).toBe(characters);
    expect(isToken(token)).toBe(Boolean(length && characters));
  });
});

describe('generator', () => {
  it('makes tokens that keep the rules and differ', () => {
    const tokens = Array.from({ length: 50 }, () => generateToken());
    expect(tokens.every((token) => isToken(token) && /^[A-Za-z0-9]{48}$/.test(token))).toBe(true);
    expect(new Set(tokens).size).toBe(50);
  });

  it('throws bytes away that would favour the first letters', () => {
    const fills = [255, 248, 247];
    const token = generateToken((bytes) => bytes.fill(fills.shift() ?? 0));
    expect(token).toBe('9'.repeat(48)); // 247 is the last fair byte, and '9' the last letter
    expect(fills).toEqual([]);
  });
});
