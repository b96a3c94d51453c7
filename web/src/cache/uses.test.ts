import { expect, it } from 'vitest';
import { usersOfParameters, usersOfSubnets, usesOf } from './uses';

const cluster = (CacheClusterId: string, ReplicationGroupId?: string, ParameterApplyStatus = 'in-sync') => ({
  CacheClusterId,
  ReplicationGroupId,
  CacheNodeType: 'cache.t4g.micro',
  CacheParameterGroup: { CacheParameterGroupName: 'sessions', ParameterApplyStatus },
  CacheSubnetGroupName: 'racks',
});

it('takes the nodes of a group together', () => {
  const uses = usesOf([
    cluster('orders-001', 'orders'),
    cluster('lone'),
    cluster('orders-002', 'orders', 'applying'),
    cluster('orders-003', 'orders', 'pending-reboot'),
  ]);
  expect(uses.map(({ id, applyStatus }) => [id, applyStatus])).toEqual([
    ['lone', 'in-sync'],
    ['orders', 'applying'],
  ]);
});

it('finds who uses a group', () => {
  const uses = usesOf([cluster('lone'), { CacheClusterId: 'bare' }]);
  expect(usersOfParameters(uses, 'sessions').map(({ id }) => id)).toEqual(['lone']);
  expect(usersOfSubnets(uses, 'racks').map(({ id }) => id)).toEqual(['lone']);
  expect(usersOfParameters(uses, 'others')).toEqual([]);
});
