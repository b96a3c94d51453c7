import { describe, expect, test } from 'vitest';
import type { Access, RotationState } from '../api/own';
import { accessWith, rotation } from '../pages/rotation/testing';
import { concernsOf, passwordless, unfinished } from './standing';

const held = (...fingerprints: string[]): Partial<Access> => ({
  Credentials: fingerprints.map((Fingerprint) => ({ Fingerprint, AddedAt: undefined })),
  PasswordlessOpen: fingerprints.length > 1 && fingerprints[0] === 'NONE',
});
const kinds = (access: Access) => concernsOf(access).map(({ kind }) => kind);
const last = (state: RotationState, more: Partial<Access>) =>
  accessWith({ LastRotation: rotation(state, { OldCredential: 'aaaaaaaaaaaa' }), ...more });

describe('a rotation that was rolled back', () => {
  test('is a concern until what it was to end is ended', () => {
    expect(kinds(last('rolled-back', held('aaaaaaaaaaaa', 'bbbbbbbbbbbb')))).toEqual(['ended']);
    expect(kinds(last('rolled-back', held('bbbbbbbbbbbb')))).toEqual([]);
  });

  test('is none while another one is under way', () => {
    const access = last('rolled-back', { ...held('aaaaaaaaaaaa', 'bbbbbbbbbbbb'), Rotation: rotation('waiting') });
    expect(kinds(access)).toEqual(['rotation']);
  });

  test('is told of as one that failed is, and not as one that ended well', () => {
    expect(unfinished(last('failed', held('aaaaaaaaaaaa')))?.State).toBe('failed');
    for (const state of ['done', 'cancelled'] as const) {
      expect(unfinished(last(state, held('aaaaaaaaaaaa', 'bbbbbbbbbbbb')))).toBeUndefined();
    }
  });
});

test('security groups that are not known here are a concern', () => {
  const group = { SecurityGroupId: 'sg-web', GroupName: 'web', Known: true };
  const legacy = { SecurityGroupId: 'sg-legacy', GroupName: '', Known: false };
  expect(concernsOf(accessWith({ SecurityGroups: [group] }))).toEqual([]);
  expect(concernsOf(accessWith({ SecurityGroups: [group, legacy] }))).toEqual([
    { kind: 'security', unknown: ['sg-legacy'] },
  ]);
});

test('what clients on other machines can do, and should not, is a concern', () => {
  const reasons = [{ Text: 'Other machines can reach shop in plaintext', Fact: undefined }];
  expect(concernsOf(accessWith({ ExposureReasons: reasons }))).toEqual([{ kind: 'exposed', reasons }]);
});

test('a user whom everybody can log in as is a concern', () => {
  const open = accessWith({ UserGroup: 'team', OpenUser: 'default' });
  expect(concernsOf(open)).toEqual([{ kind: 'openUser', user: 'default', users: 'team' }]);
  expect(concernsOf(accessWith({ UserGroup: 'team' }))).toEqual([]);
});

describe('passwordless access', () => {
  const during = (state: RotationState, OldCredential = 'NONE') =>
    passwordless(accessWith({ ...held('NONE', 'bbbbbbbbbbbb'), Rotation: rotation(state, { OldCredential }) }));

  test('is open, unless a rotation is on its way to end it', () => {
    expect(passwordless(accessWith(held('NONE', 'bbbbbbbbbbbb')))).toBe('open');
    expect(passwordless(accessWith(held('NONE')))).toBe('closed');
    for (const state of ['rotating', 'delivering', 'waiting'] as const) expect(during(state)).toBe('ends');
    for (const state of ['rolling-back', 'cancelling'] as const) expect(during(state)).toBe('open');
  });

  test('is a concern in just these cases', () => {
    expect(kinds(accessWith(held('NONE', 'bbbbbbbbbbbb')))).toEqual(['passwordless']);
    const ends = accessWith({
      ...held('NONE', 'bbbbbbbbbbbb'),
      Rotation: rotation('waiting', { OldCredential: 'NONE' }),
    });
    expect(kinds(ends)).toEqual(['rotation']);
  });
});
