import { describe, expect, it } from 'vitest';
import type { Access } from '../../api/own';
import type { Cache } from '../../data/caches';
import { type Dictionary, en } from '../../i18n/en';
import { formatsOf } from '../../i18n/format';
import { ja } from '../../i18n/ja';
import { actionsFor } from './actions';
import { countsOf, type Filter, isFiltering, noFilter, passes } from './filter';
import { accessOf, type Row, rowOf as rowIn } from './rows';

const rowOf = (cache: Cache, text: Dictionary): Row => rowIn(cache, text, formatsOf(text === ja ? 'ja' : 'en'));

const group: Cache = {
  id: 'orders',
  group: {
    ReplicationGroupId: 'orders',
    Status: 'modifying',
    Engine: 'valkey',
    MemberClusters: ['orders-001', 'orders-002'],
    TransitEncryptionEnabled: true,
    NodeGroups: [{ PrimaryEndpoint: { Address: '127.0.0.5', Port: 6379 } }],
  },
  access: {
    Credentials: [{ Fingerprint: 'NONE' }, { Fingerprint: '6ceaac09e150' }],
    PasswordlessOpen: true,
    StatusReasons: [{ Text: 'why', Fact: undefined }] as Access['StatusReasons'],
    EngineVersion: '8.0.1',
    ExposureReasons: [] as Access['ExposureReasons'],
    SecurityGroups: [] as Access['SecurityGroups'],
  } as Access,
};
const cluster: Cache = {
  id: 'lone',
  cluster: { CacheClusterId: 'lone', CacheClusterStatus: 'available', Engine: 'redis', EngineVersion: '7.0.15' },
};

describe('access control', () => {
  it.each([
    [['NONE'], 'open'],
    [['6ceaac09e150'], 'token'],
    [['6ceaac09e150', '0123456789ab'], 'two'],
    [['NONE', '6ceaac09e150'], 'passwordless'],
    [['6ceaac09e150', 'NONE'], 'passwordless'],
  ])('of %o', (fingerprints, kind) => expect(accessOf(fingerprints)).toBe(kind));

  it('is what the original tells while aikagi has told nothing', () => {
    expect(accessOf(undefined, true)).toBe('token');
    expect(accessOf(undefined, false)).toBe('open');
  });
});

describe('rows', () => {
  it('of groups', () => {
    expect(rowOf(group, en)).toMatchObject({
      kind: 'group',
      status: 'modifying',
      statusText: 'Modifying',
      statusReasons: [{ Text: 'why' }],
      access: 'passwordless',
      notes: ['passwordless'],
      engine: 'Valkey 8.0.1',
      nodes: 2,
      tls: 'Required',
      endpoint: '127.0.0.5:6379',
    });
  });

  it('of groups that take TLS beside plaintext', () => {
    const preferred = { ...group, group: { ...group.group, TransitEncryptionMode: 'preferred' as const } };
    expect(rowOf(preferred, en).tls).toBe('Preferred');
    expect(rowOf(preferred, ja).tls).toBe('優先');
  });

  it('of cache clusters that stand alone', () => {
    expect(rowOf(cluster, ja)).toMatchObject({
      kind: 'cluster',
      statusText: '使用可能',
      access: 'open',
      engine: 'Redis OSS 7.0.15',
      nodes: 1,
      tls: '無効',
      endpoint: '',
    });
  });

  it('tell of a rotation that was rolled back, and of no two tokens that are on their way', () => {
    const LastRotation = { State: 'rolled-back', OldCredential: '0123456789ab' };
    const Credentials = [{ Fingerprint: '0123456789ab' }, { Fingerprint: '6ceaac09e150' }];
    const access = { ...group.access, LastRotation, Credentials, PasswordlessOpen: false } as Access;
    expect(rowOf({ ...group, access }, en)).toMatchObject({
      notes: ['ended'],
      endedAs: 'Rotation: rolled back',
      accessText: 'Two tokens accepted',
    });
    expect(rowOf({ ...group, access }, ja).endedAs).toBe('ローテーション: ロールバック済み');
  });

  it('tell of a guided rotation', () => {
    const rotating = { ...group, access: { ...group.access, Rotation: { State: 'waiting' } } as Access };
    expect(rowOf(rotating, en).notes).toContain('rotation');
  });
});

it('marks what clients on other machines reach without protection', () => {
  const ExposureReasons = [{ Text: 'Other machines can reach orders without a token', Fact: undefined }];
  const row = rowOf({ ...group, access: { ...group.access, ExposureReasons } as Access }, en);
  expect(row.notes).toContain('exposed');
  expect(row.words).toContain('exposed to the network');
});

it('marks who lets everybody in, because of a security group that is not known here', () => {
  const SecurityGroups = [{ SecurityGroupId: 'sg-legacy', GroupName: '', Known: false }];
  const row = rowOf({ ...group, access: { ...group.access, SecurityGroups } as Access }, en);
  expect(row.notes).toContain('security');
  expect(row.words).toContain('security group not known');
});

const rows = [rowOf(group, en), rowOf(cluster, en)];

describe('filter', () => {
  const left = (filter: Partial<Filter>, text: Dictionary = en) =>
    [group, cluster]
      .map((cache) => rowOf(cache, text))
      .filter(passes({ ...noFilter, ...filter }))
      .map(({ id }) => id);

  it.each([
    ['', ['orders', 'lone']],
    ['ord', ['orders']],
    ['ORDERS modifying', ['orders']],
    ['ＯＲＤＥＲＳ', ['orders']],
    ['orders available', []],
    ['7.0.15', ['lone']],
    ['passwordless', ['orders']],
    ['standalone', ['lone']],
    ['127.0.0.5:6379', ['orders']],
    ['使用可能', []],
  ])('by %j', (words, ids) => expect(left({ words })).toEqual(ids));

  it('is in the words of the page', () => {
    expect(left({ words: '使用可能' }, ja)).toEqual(['lone']);
    expect(left({ words: 'available' }, ja)).toEqual([]);
  });

  it('is by values too, which no language changes', () => {
    for (const text of [en, ja]) {
      expect(left({ access: 'passwordless' }, text)).toEqual(['orders']);
      expect(left({ status: 'available', engine: 'Redis OSS 7.0.15' }, text)).toEqual(['lone']);
      expect(left({ status: 'available', engine: 'Valkey 8.0.1' }, text)).toEqual([]);
    }
  });

  it('is none as long as nothing is asked for', () => {
    expect(isFiltering({ ...noFilter, words: ' ' })).toBe(false);
    expect(isFiltering({ ...noFilter, status: 'available' })).toBe(true);
  });

  it('tells how many each value would leave, beside the rest', () => {
    const counts = (filter: Partial<Filter>) =>
      Object.fromEntries(countsOf([...rows, ...rows], { ...noFilter, ...filter }, 'status'));
    expect(counts({})).toEqual({ modifying: 2, available: 2 });
    expect(counts({ status: 'available' })).toEqual({ modifying: 2, available: 2 });
    expect(counts({ words: 'lone' })).toEqual({ modifying: 0, available: 2 });
    expect(counts({ status: 'creating' })).toEqual({ modifying: 2, available: 2, creating: 0 });
  });
});

describe('actions', () => {
  const disabled = (selected: Row[]) =>
    actionsFor(selected, en)
      .filter((item) => 'disabled' in item && item.disabled)
      .map(({ id }) => id);
  it('need the selection that they are for', () => {
    expect(disabled([])).toEqual(['modify', 'rotate', 'delete']);
    expect(disabled([rows[0] as Row])).toEqual(['delete']); // it is being modified
    expect(disabled([rows[1] as Row])).toEqual(['rotate']);
    expect(disabled(rows)).toEqual(['modify', 'rotate', 'delete']);
  });
});
