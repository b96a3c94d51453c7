import { expect, it, test } from 'vitest';
import { familiesOf, linesOf, matches } from './lines';

const group = (CacheParameterGroupName: string, CacheParameterGroupFamily: string) => ({
  CacheParameterGroupName,
  CacheParameterGroupFamily,
  Description: 'for the shop',
});
const groups = [group('default.redis7', 'redis7'), group('default.valkey8', 'valkey8'), group('sessions', 'valkey8')];
const uses = [
  { id: 'orders', nodeType: '', parameterGroup: 'default.valkey8', applyStatus: 'in-sync', subnetGroup: '' },
];

it('begins with those that somebody made', () => {
  expect(linesOf(groups, uses, false).map(({ name }) => name)).toEqual([
    'sessions',
    'default.redis7',
    'default.valkey8',
  ]);
  expect(linesOf(groups, uses, true).map(({ name, users }) => [name, ...users])).toEqual([
    ['sessions'],
    ['default.valkey8', 'orders'],
  ]);
});

test.each([
  ['', 3],
  ['valkey8 shop', 2],
  ['ORDERS', 1],
  ['memcached', 0],
])('%j finds %d', (words, count) => {
  expect(linesOf(groups, uses, false).filter((line) => matches(line, words))).toHaveLength(count);
});

it('offers the families that are of use first', () => {
  const all = [...groups, group('default.redis6.x', 'redis6.x'), group('default.valkey9', 'valkey9')];
  expect(familiesOf(all, ['redis7', 'valkey8'])).toEqual(['valkey8', 'redis7', 'valkey9', 'redis6.x']);
});
