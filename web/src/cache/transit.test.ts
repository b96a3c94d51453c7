import { expect, test } from 'vitest';
import { pendingTransitOf, transitOf } from './transit';

test.each([
  [{}, 'none'],
  [{ TransitEncryptionEnabled: false, TransitEncryptionMode: 'required' as const }, 'none'],
  [{ TransitEncryptionEnabled: true, TransitEncryptionMode: 'preferred' as const }, 'preferred'],
  [{ TransitEncryptionEnabled: true, TransitEncryptionMode: 'required' as const }, 'required'],
  [{ TransitEncryptionEnabled: true }, 'required'],
])('%o is %s', (group, mode) => expect(transitOf(group)).toBe(mode));

test('what is on its way is told apart from what is there', () => {
  expect(pendingTransitOf({})).toBeUndefined();
  expect(pendingTransitOf({ PendingModifiedValues: { AuthTokenStatus: 'SETTING' } })).toBeUndefined();
  expect(pendingTransitOf({ PendingModifiedValues: { TransitEncryptionEnabled: false } })).toBe('none');
  const pending = { TransitEncryptionEnabled: true, TransitEncryptionMode: 'preferred' } as const;
  expect(pendingTransitOf({ PendingModifiedValues: pending })).toBe('preferred');
});
