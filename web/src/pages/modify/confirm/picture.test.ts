import { describe, expect, it } from 'vitest';
import type { TokenPreview } from '../../../api/own';
import { emptyPreview } from '../testing';
import { impactOf, sameOutcome, wantsRotateFirst, waysOf } from './picture';

const set = (...fingerprints: string[]) => fingerprints.map((Fingerprint) => ({ Fingerprint, AddedAt: undefined }));
const change = (before: string[], after: string[]): TokenPreview => ({
  ...emptyPreview,
  Before: set(...before),
  After: set(...after),
  PasswordlessBefore: before.includes('NONE'),
  PasswordlessAfter: after.includes('NONE'),
});
const say = (preview: TokenPreview) => waysOf(preview).map((way) => `${way.credential} ${way.standing} ${way.fate}`);

describe('waysOf', () => {
  it('keeps access without a token beside a first token', () => {
    expect(say(change(['NONE'], ['NONE', 'T1']))).toEqual(['NONE none stays', 'T1 new added']);
  });
  it('ends access without a token when the first one is set', () => {
    expect(say(change(['NONE', 'T1'], ['T1']))).toEqual(['NONE none ends', 'T1 new stays']);
  });
  it('ends the oldest of two when a third is rotated in', () => {
    const ways = ['NONE none refused', 'T1 old ends', 'T2 old stays', 'T3 new added'];
    expect(say(change(['T1', 'T2'], ['T2', 'T3']))).toEqual(ways);
  });
  it('ends the old one of two when the new one is set', () => {
    expect(say(change(['T1', 'T2'], ['T2']))).toEqual(['NONE none refused', 'T1 old ends', 'T2 new stays']);
  });
  it('calls a token neither old nor new while it is the only credential', () => {
    expect(say(change(['T1'], []))).toEqual(['NONE none refused', 'T1 only stays']);
  });
  it('leaves all as it is where the change is refused', () => {
    expect(say(change(['NONE', 'T1'], []))).toEqual(['NONE none stays', 'T1 new stays']);
  });
});

describe('wantsRotateFirst', () => {
  const refused = {
    ...change(['NONE'], []),
    Refusal: { Code: 'InvalidParameterValue', Message: 'no token', Fact: undefined },
  };
  it('is for SET of a group without any token', () => {
    expect(wantsRotateFirst('SET', refused)).toBe(true);
    expect(wantsRotateFirst('ROTATE', refused)).toBe(false);
    expect(wantsRotateFirst('SET', change(['NONE'], ['NONE']))).toBe(false);
  });
  it('is of no use where another token was rotated in', () => {
    expect(wantsRotateFirst('SET', { ...refused, Before: set('NONE', 'T1') })).toBe(false);
  });
});

describe('impactOf', () => {
  const ends = { ...change(['T1', 'T2'], ['T2']), Ends: 'T1' };
  it('knows who is hit', () => {
    expect(impactOf(change(['NONE'], ['NONE', 'T1']))).toBe('nothing-ends');
    expect(impactOf({ ...ends, UsageComplete: true })).toBe('nobody');
    expect(impactOf({ ...ends, UsageComplete: true, InUse: true })).toBe('somebody');
  });
  it('takes silence for nobody only if every node was asked', () => {
    expect(impactOf({ ...ends, UsageComplete: false })).toBe('unknown');
  });
});

describe('sameOutcome', () => {
  const shown: TokenPreview = {
    ...emptyPreview,
    Before: [{ Fingerprint: 'NONE', AddedAt: undefined }],
    After: [{ Fingerprint: 'aaaaaaaaaaaa', AddedAt: undefined }],
    Ends: 'NONE',
    UsageComplete: true,
  };
  it.each<[string, Partial<TokenPreview>, boolean]>([
    ['the same', {}, true],
    ['asked later', { Quiet: '5m0s' }, true],
    ['somebody came', { InUse: true }, false],
    ['another client changed the tokens', { Before: [{ Fingerprint: 'bbbbbbbbbbbb', AddedAt: undefined }] }, false],
    ['something else ends', { Ends: 'aaaaaaaaaaaa' }, false],
    ['it would be refused', { Refusal: { Code: 'InvalidReplicationGroupState', Message: '', Fact: undefined } }, false],
  ])('%s', (_, part, same) => {
    expect(sameOutcome(shown, { ...shown, ...part })).toBe(same);
  });
});
