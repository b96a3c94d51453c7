// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { takeCode } from './code';

test('the code goes out of the address and of the history', () => {
  window.history.pushState(null, '', '/console/sign-in?x=1#code=abc-_9');
  expect(takeCode(window.location, window.history)).toBe('abc-_9');
  expect(window.location.href).toMatch(/\/console\/sign-in\?x=1$/);
  expect(takeCode(window.location, window.history)).toBe('');
});
