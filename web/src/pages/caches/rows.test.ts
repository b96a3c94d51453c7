import { describe, expect, it } from 'vitest';
import type { Access } from '../../api/own';
import type { Cache } from '../../data/caches';
import { en } from '../../i18n/en';
import { ja } from '../../i18n/ja';
import { actionsFor } from './actions';
import { filterOptions, filterProperties, onlyAccess } from './filter';
import { accessOf, type Row, rowOf } from './rows';

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
  access: { Credentials: [{ Fingerprint: 'NONE' }, { Fingerprint: '6ceaac09e150' }], StatusReason: 'why' } as Access,
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
      statusReason: 'why',
      access: 'passwordless',
      rotating: false,
      engineText: 'Valkey',
      nodes: 2,
      tls: 'Enabled',
      endpoint: '127.0.0.5:6379',
    });
  });

  it('of cache clusters that stand alone', () => {
    expect(rowOf(cluster, ja)).toMatchObject({
      kind: 'cluster',
      statusText: '使用可能',
      access: 'open',
      version: '7.0.15',
      nodes: 1,
      tls: '無効',
      endpoint: '',
    });
  });

  it('tell of a guided rotation', () => {
    const rotating = { ...group, access: { ...group.access, Rotation: { State: 'waiting' } } as Access };
    expect(rowOf(rotating, en).rotating).toBe(true);
  });
});

const rows = [rowOf(group, en), rowOf(cluster, en)];

describe('filter', () => {
  it('knows each property that it offers values of, and rows have it', () => {
    const properties = filterProperties(en).map(({ key }) => key);
    expect(filterOptions(rows)).toContainEqual({ propertyKey: 'statusText', value: 'Modifying' });
    for (const { propertyKey } of filterOptions(rows)) expect(properties).toContain(propertyKey);
    for (const key of properties) expect(rows[0]).toHaveProperty(key);
  });

  it('offers each value once, and no names', () => {
    const options = filterOptions([...rows, ...rows]);
    expect(options.filter(({ propertyKey }) => propertyKey === 'statusText')).toHaveLength(2);
    expect(options.some(({ value }) => value === 'orders')).toBe(false);
  });

  it('finds the caches that are warned of', () => {
    const [token] = onlyAccess(en.caches.accessKind.passwordless).tokens;
    expect(rows.filter((row) => row[token?.propertyKey as keyof Row] === token?.value)).toEqual([rows[0]]);
  });
});

describe('actions', () => {
  const disabled = (selected: Row[]) =>
    actionsFor(selected, en)
      .filter((item) => 'disabled' in item && item.disabled)
      .map(({ id }) => id);
  it('need the selection that they are for', () => {
    expect(disabled([])).toEqual(['modify', 'rotate', 'delete']);
    expect(disabled([rows[0] as Row])).toEqual([]);
    expect(disabled([rows[1] as Row])).toEqual(['modify', 'rotate']);
    expect(disabled(rows)).toEqual(['modify', 'rotate']);
  });
});
