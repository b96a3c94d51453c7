import { DescribeCacheClustersCommand } from '@aws-sdk/client-elasticache';
import { useQuery } from '@tanstack/react-query';
import { elasticache } from '../api/elasticache';
import { keys } from './keys';

/**
 * The engine version of a node. The original tells it of nodes only, so a list of groups asks
 * for one node of each group that it shows, and anew when the group has another status.
 */
export const useEngineVersion = (node: string | undefined, status: string) =>
  useQuery({
    queryKey: [...keys.caches, 'engine-version', node, status],
    enabled: Boolean(node),
    staleTime: 0, // a status comes back, with another version
    placeholderData: (before) => before,
    queryFn: async ({ signal }) => {
      const command = new DescribeCacheClustersCommand({ CacheClusterId: node });
      const answer = await elasticache.send(command, { abortSignal: signal });
      return answer.CacheClusters?.[0]?.EngineVersion ?? '';
    },
  });
