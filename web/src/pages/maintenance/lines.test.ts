import { expect, it, test } from 'vitest';
import type { Maintenance } from '../../api/own';
import { linesOf, matches } from './lines';

const cache = (CacheId: string, more: Partial<Maintenance> = {}): Maintenance => ({
  CacheId,
  Status: 'available',
  Window: 'sun:23:00-mon:00:00',
  OpensAt: undefined,
  Open: false,
  Due: false,
  NodeType: '',
  Engine: '',
  EngineVersion: '',
  ...more,
});
const all = [
  cache('carts'),
  cache('orders', { Due: true, Engine: 'valkey', EngineVersion: '8.1' }),
  cache('lone', { Due: true, NodeType: 'cache.t4g.small' }),
];
const caches = [
  { id: 'lone', cluster: {} },
  { id: 'orders', group: { MemberClusters: ['orders-001', 'orders-002'] } },
];

it('begins with what waits, and knows what kind of cache it is', () => {
  expect(linesOf(all, caches).map(({ CacheId, kind, nodes }) => [CacheId, kind, nodes])).toEqual([
    ['orders', 'group', 2],
    ['lone', 'cluster', 1],
    ['carts', 'group', 1],
  ]);
});

test.each([
  ['', 3],
  ['Valkey 8.1', 1],
  ['t4g', 1],
  ['orders t4g', 0],
])('%j finds %d', (words, count) => {
  expect(linesOf(all, caches).filter((line) => matches(line, words))).toHaveLength(count);
});
