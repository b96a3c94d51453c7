import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import type { Access, AccessNode, MetricName, Metrics } from '../../../api/own';
import { hostPort } from '../endpoint';
import { membersOf } from '../tasks/task';

/** One line of the nodes' table. */
export interface NodeRow {
  id: string;
  role: string;
  status: string | undefined; // not known yet
  troubles: Trouble[];
  zone: string;
  endpoint: string | undefined;
  lagBytes: number | undefined;
  lagSeconds: number | undefined;
  memory: number | undefined; // bytes
  connections: number | undefined;
}

/** What is wrong with a node: it cannot start, is too late to be read, or clients have all of its connections. */
export type Trouble =
  | { kind: 'fault'; fault: NonNullable<AccessNode['Fault']> }
  | { kind: 'behind'; since: Date }
  | { kind: 'crowd'; crowd: NonNullable<AccessNode['Crowd']> };

export function troublesOf({ Fault: fault, BehindSince: since, Crowd: crowd }: AccessNode): Trouble[] {
  const troubles: (Trouble | false)[] = [
    fault !== undefined && { kind: 'fault', fault },
    since !== undefined && { kind: 'behind', since },
    crowd !== undefined && { kind: 'crowd', crowd },
  ];
  return troubles.filter((trouble) => trouble !== false);
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
      troubles: node ? troublesOf(node) : [],
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
