// Which caches use a parameter group or a subnet group. The service tells it of each cache cluster.
import type { CacheCluster } from '@aws-sdk/client-elasticache';

/** How far parameters have come, in the service's words; the one that is furthest from done first. */
const applyStatuses = ['applying', 'pending-reboot', 'in-sync'] as const;

export interface Use {
  id: string; // of a replication group, or of a cache cluster that is in none
  nodeType: string;
  parameterGroup: string;
  applyStatus: string; // of the node that is furthest from done
  subnetGroup: string;
}

/** What each cache uses, in the order of their ids. */
export function usesOf(clusters: CacheCluster[]): Use[] {
  const uses = new Map<string, Use>();
  for (const cluster of clusters) {
    const id = cluster.ReplicationGroupId ?? cluster.CacheClusterId ?? '';
    const { CacheParameterGroupName, ParameterApplyStatus = '' } = cluster.CacheParameterGroup ?? {};
    const before = uses.get(id);
    uses.set(id, {
      id,
      nodeType: cluster.CacheNodeType ?? '',
      parameterGroup: CacheParameterGroupName ?? '',
      applyStatus: before ? furthest(before.applyStatus, ParameterApplyStatus) : ParameterApplyStatus,
      subnetGroup: cluster.CacheSubnetGroupName ?? '',
    });
  }
  return [...uses.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function furthest(one: string, other: string): string {
  const statuses: readonly string[] = applyStatuses;
  return statuses.find((status) => status === one || status === other) ?? one;
}

export const usersOfParameters = (uses: Use[], name: string): Use[] =>
  uses.filter(({ parameterGroup }) => parameterGroup === name);

export const usersOfSubnets = (uses: Use[], name: string): Use[] =>
  uses.filter(({ subnetGroup }) => subnetGroup === name);
