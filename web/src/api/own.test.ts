// @vitest-environment jsdom
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Action, Form } from './call';
import * as own from './own.gen';
import { parse } from './xml';

/** What the service is known to answer, byte for byte (internal/elasticache/testdata/own). */
function answered<I extends Form, O>(action: Action<I, O>, name: string): O {
  const answer = parse(readFileSync(`../internal/elasticache/testdata/own/${name}.xml`, 'utf8'));
  return action.answer(answer.querySelector(`${action.name}Result`) ?? undefined);
}

test('reads what the service answers about a group', () => {
  const access = answered(own.DescribeReplicationGroupAccess, 'access');
  expect(access).toMatchObject({ ReplicationGroupId: 'g', PasswordlessOpen: true, MultiAZ: false, Undelivered: '' });
  expect(access.Rotation).toMatchObject({
    State: 'waiting',
    RollBackOver: -1,
    StartedAt: new Date('2026-05-04T11:59:00.123Z'),
    SetAt: undefined,
    Reason: '',
    ReasonFact: undefined,
  });
  expect(access.Rotation?.NoteFacts[1]).toEqual({
    Code: 'other',
    Values: [{ Name: 'words', Text: 'words of somebody else', Facts: [] }],
  });
  expect(access.Failover).toMatchObject({
    Status: 'pending',
    ElectedMicroseconds: undefined,
    LossExact: false,
    Offsets: [],
  });
  expect(access.Nodes.map((node) => [node.Role, node.Fault?.Kind, node.Crowd?.Limit])).toEqual([
    ['primary', undefined, 64],
    ['replica', 'snapshot', undefined],
  ]);
  expect(access.StatusReasons[0]?.Fact?.Values[3]?.Facts[0]?.Code).toBe('clients-from');
});

test('reads gaps in metrics, and what is absent in a preview', () => {
  const [node, other] = answered(own.DescribeReplicationGroupMetrics, 'metrics').Nodes;
  expect(node?.Metrics[0]).toMatchObject({
    MetricName: 'CacheHitRate',
    Credential: '',
    Values: [33.333, undefined, -0],
  });
  expect(node?.Timestamps[1]).toEqual(new Date('2026-05-04T12:00:00.000Z'));
  expect(other).toMatchObject({ Timestamps: [], Metrics: [] });
  const preview = answered(own.PreviewAuthTokenChange, 'preview-rotate');
  expect(preview).toMatchObject({ Refusal: undefined, Ends: '', InUse: false, LockedOutConnections: undefined });
  expect(preview.After[1]?.AddedAt).toBeUndefined();
});

test('reads a page of receipts', () => {
  const { Failovers, Marker } = answered(own.DescribeFailovers, 'failovers');
  expect(Marker).toBe('');
  expect(Failovers.map((f) => [f.FailoverId, f.LossBytes, f.Loss])).toEqual([
    ['r4', undefined, ''],
    ['r1', 42, 'at least 42 bytes'],
    ['r2', 0, 'none'],
    ['r3', undefined, ''],
  ]);
});

test('reads who connects without TLS', () => {
  const usage = answered(own.DescribeTransitEncryptionUsage, 'transit');
  expect(usage).toMatchObject({ Mode: 'required', Complete: false, GatelessNodes: ['g-002'], TlsConnections: 4 });
  expect(usage.Plaintext).toMatchObject({ Connections: 2, Opened: 7, OtherClients: undefined });
  expect(usage.Plaintext.Clients.map((c) => [c.Name, c.Nodes])).toEqual([['worker-1', ['g-001', 'g-002']]]);
  expect(usage.OnRequired).toMatchObject({ Guard: 'warn', InUse: true, Fact: { Code: 'required-already' } });
});
