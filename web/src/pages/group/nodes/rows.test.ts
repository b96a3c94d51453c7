// @vitest-environment jsdom
import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import { expect, test } from 'vitest';
import type { Access, Metrics } from '../../../api/own';
import { latest, rowsOf } from './rows';

const metrics = {
  Nodes: [
    {
      CacheClusterId: 'g-002',
      Role: 'replica',
      Timestamps: [new Date(1), new Date(2)],
      Metrics: [
        { MetricName: 'Connections', Unit: 'Count', Credential: 'NONE', Values: [1, 7] },
        { MetricName: 'CurrConnections', Unit: 'Count', Credential: '', Values: [3, 4] },
        { MetricName: 'BytesUsedForCache', Unit: 'Bytes', Credential: '', Values: [900, undefined] },
        { MetricName: 'ReplicationOffsetLag', Unit: 'Bytes', Credential: '', Values: [14, 0] },
      ],
    },
  ],
} as unknown as Metrics;

test('the latest sample counts, also if it is zero', () => {
  expect(latest(metrics, 'g-002', 'CurrConnections')).toBe(4);
  expect(latest(metrics, 'g-002', 'ReplicationOffsetLag')).toBe(0);
});

test('a node that did not answer says nothing, instead of what was once', () => {
  expect(latest(metrics, 'g-002', 'BytesUsedForCache')).toBeUndefined();
});

test('of an unknown node, or before the first answer, nothing is known', () => {
  expect(latest(metrics, 'g-009', 'CurrConnections')).toBeUndefined();
  expect(latest(undefined, 'g-002', 'CurrConnections')).toBeUndefined();
});

test('figures of a credential are not those of the node', () => {
  expect(latest(metrics, 'g-002', 'Connections')).toBeUndefined();
});

test('a row has what the group, its access and its metrics say', () => {
  const group: ReplicationGroup = {
    NodeGroups: [
      {
        NodeGroupMembers: [
          { CacheClusterId: 'g-001', CurrentRole: 'primary', PreferredAvailabilityZone: 'a' },
          {
            CacheClusterId: 'g-002',
            CurrentRole: 'replica',
            PreferredAvailabilityZone: 'b',
            ReadEndpoint: { Address: '127.0.0.9', Port: 6379 },
          },
        ],
      },
    ],
  };
  const access = { Nodes: [{ CacheClusterId: 'g-002', Role: 'primary', Status: 'available' }] } as unknown as Access;
  expect(rowsOf(group, access, metrics)).toMatchObject([
    { id: 'g-001', role: 'primary', status: undefined, endpoint: undefined, connections: undefined },
    { id: 'g-002', role: 'primary', status: 'available', zone: 'b', endpoint: '127.0.0.9:6379', connections: 4 },
  ]);
});

test('the nodes of a group that is being created are those that it names', () => {
  const access = { Nodes: [{ CacheClusterId: 'g-002', Role: 'replica', Status: 'creating', Zone: 'b' }] };
  expect(rowsOf({ MemberClusters: ['g-001', 'g-002'] }, access as unknown as Access, undefined)).toMatchObject([
    { id: 'g-001', role: '', status: undefined, zone: '', endpoint: undefined },
    { id: 'g-002', role: 'replica', status: 'creating', zone: 'b', endpoint: undefined },
  ]);
});
