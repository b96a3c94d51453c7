import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import type { Access, MetricName, Metrics } from '../../../api/own';
import { hostPort } from '../endpoint';
import { membersOf } from '../tasks/task';

/** One line of the nodes' table. */
export interface NodeRow {
  id: string;
  role: string;
  status: string | undefined; // not known yet
  zone: string;
  endpoint: string | undefined;
  lagBytes: number | undefined;
  lagSeconds: number | undefined;
  memory: number | undefined; // bytes
  connections: number | undefined;
}

/** The nodes of a group as the group names them, with what else is known of each. */
export function rowsOf(group: ReplicationGroup, access: Access | undefined, metrics: Metrics | undefined): NodeRow[] {
  const nodes = new Map(access?.Nodes.map((node) => [node.CacheClusterId, node]));
  return membersOf(group).map((member) => {
    const id = member.CacheClusterId ?? '';
    const node = nodes.get(id);
    return {
      id,
      role: node?.Role || (member.CurrentRole ?? ''),
      status: node?.Status,
      zone: member.PreferredAvailabilityZone ?? node?.Zone ?? '',
      endpoint: hostPort(member.ReadEndpoint),
      lagBytes: latest(metrics, id, 'ReplicationOffsetLag'),
      lagSeconds: latest(metrics, id, 'ReplicationLag'),
      memory: latest(metrics, id, 'BytesUsedForCache'),
      connections: latest(metrics, id, 'CurrConnections'),
    };
  });
}

/** What a node's last sample says; undefined if it did not answer then. */
export function latest(metrics: Metrics | undefined, node: string, name: MetricName): number | undefined {
  const of = metrics?.Nodes.find((n) => n.CacheClusterId === node);
  return of?.Metrics.find((m) => m.MetricName === name && !m.Credential)?.Values.at(-1);
}
