import { expect, test } from 'vitest';
import { failsOver } from './failover';

test('a group that is being created fails over, too', () => {
  expect(failsOver({ AutomaticFailover: 'enabling' })).toBe(true);
  expect(failsOver({ AutomaticFailover: 'enabled' })).toBe(true);
  expect(failsOver({ AutomaticFailover: 'disabled' })).toBe(false);
  expect(failsOver({})).toBe(false);
});
