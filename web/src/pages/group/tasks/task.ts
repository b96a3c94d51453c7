import {
  DecreaseReplicaCountCommand,
  IncreaseReplicaCountCommand,
  ModifyReplicationGroupCommand,
  type NodeGroupMember,
  RebootCacheClusterCommand,
  type ReplicationGroup,
  TestFailoverCommand,
} from '@aws-sdk/client-elasticache';
import { elasticache } from '../../../api/elasticache';

/** What can be done to a group after a question; node is a cache cluster's id. */
export type Task =
  | { kind: 'testFailover' | 'addReplica' }
  | { kind: 'reboot' | 'promote' | 'removeReplica'; node: string };

/** The cache clusters of a group, and what they are. A group that is being created tells their names only. */
export const membersOf = ({ NodeGroups, MemberClusters = [] }: ReplicationGroup): NodeGroupMember[] =>
  NodeGroups?.[0]?.NodeGroupMembers ?? MemberClusters.map((CacheClusterId) => ({ CacheClusterId }));

/** Asks the service to do it. */
export function perform(group: ReplicationGroup, task: Task): Promise<unknown> {
  const { ReplicationGroupId } = group;
  switch (task.kind) {
    case 'testFailover':
      return elasticache.send(
        new TestFailoverCommand({ ReplicationGroupId, NodeGroupId: group.NodeGroups?.[0]?.NodeGroupId }),
      );
    case 'reboot':
      return elasticache.send(
        new RebootCacheClusterCommand({ CacheClusterId: task.node, CacheNodeIdsToReboot: [cacheNode] }),
      );
    case 'promote':
      return elasticache.send(
        new ModifyReplicationGroupCommand({ ReplicationGroupId, PrimaryClusterId: task.node, ApplyImmediately: true }),
      );
    case 'addReplica':
      return elasticache.send(
        new IncreaseReplicaCountCommand({
          ReplicationGroupId,
          NewReplicaCount: membersOf(group).length, // without the primary it was one less
          ApplyImmediately: true,
        }),
      );
    case 'removeReplica':
      return elasticache.send(
        new DecreaseReplicaCountCommand({ ReplicationGroupId, ReplicasToRemove: [task.node], ApplyImmediately: true }),
      );
  }
}

/** The id of the one node of every cache cluster. */
export const cacheNode = '0001';
