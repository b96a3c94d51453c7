// One group, aspect by aspect.
import {
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ListAllowedNodeTypeModificationsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-elasticache';
import { useQuery } from '@tanstack/react-query';
import { elasticache } from '../api/elasticache';
import { ServiceError } from '../api/error';
import { describeAccess, describeTransitUsage, describeUsage } from '../api/own';
import { keys } from './keys';

export const useGroup = (id: string) =>
  useQuery({
    queryKey: keys.aspect(id, 'group'),
    queryFn: async ({ signal }) => {
      const command = new DescribeReplicationGroupsCommand({ ReplicationGroupId: id });
      const [group] = (await elasticache.send(command, { abortSignal: signal })).ReplicationGroups ?? [];
      if (!group) throw new ServiceError('ReplicationGroupNotFoundFault', id);
      return group;
    },
  });

/** The cache clusters that a group consists of. */
export const useClusters = (id: string, members: string[]) =>
  useQuery({
    queryKey: [...keys.aspect(id, 'clusters'), members.join()],
    enabled: members.length > 0,
    queryFn: ({ signal }) =>
      Promise.all(
        members.map(async (CacheClusterId) => {
          const command = new DescribeCacheClustersCommand({ CacheClusterId, ShowCacheNodeInfo: true });
          return (await elasticache.send(command, { abortSignal: signal })).CacheClusters?.[0];
        }),
      ),
  });

/** The types that a group's nodes, or a cluster alone, can get: larger ones, and smaller ones that have room for the data as it is now. */
export const useNodeTypes = (id: string, alone: boolean) =>
  useQuery({
    queryKey: keys.aspect(id, 'nodeTypes'),
    staleTime: 0, // the data grows, of which the stream says nothing
    queryFn: async ({ signal }) => {
      const of = alone ? { CacheClusterId: id } : { ReplicationGroupId: id };
      const command = new ListAllowedNodeTypeModificationsCommand(of);
      const answer = await elasticache.send(command, { abortSignal: signal });
      return { larger: answer.ScaleUpModifications ?? [], smaller: answer.ScaleDownModifications ?? [] };
    },
  });

/** There is none of a cache cluster alone. */
export const useAccess = (id: string, enabled = true) =>
  useQuery({ queryKey: keys.aspect(id, 'access'), queryFn: ({ signal }) => describeAccess(id, signal), enabled });

/** Asks the nodes: not for pages that only might want to know. */
export const useUsage = (id: string, enabled = true) =>
  useQuery({ queryKey: keys.aspect(id, 'usage'), queryFn: ({ signal }) => describeUsage(id, signal), enabled });

/** The same for who connects without TLS. */
export const useTransitUsage = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: keys.aspect(id, 'transit'),
    queryFn: ({ signal }) => describeTransitUsage(id, signal),
    enabled,
  });

export const useTags = (id: string, arn: string | undefined) =>
  useQuery({
    queryKey: keys.aspect(id, 'tags'),
    enabled: Boolean(arn),
    queryFn: async ({ signal }) =>
      (await elasticache.send(new ListTagsForResourceCommand({ ResourceName: arn }), { abortSignal: signal }))
        .TagList ?? [],
  });
