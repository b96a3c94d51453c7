// Which parameter groups and subnet groups caches use.
import { DescribeCacheClustersCommand } from '@aws-sdk/client-elasticache';
import { useQuery } from '@tanstack/react-query';
import { elasticache } from '../api/elasticache';
import { type Use, usesOf } from '../cache/uses';
import { pages } from './caches';
import { keys } from './keys';

export const useUses = () =>
  useQuery({
    queryKey: keys.uses,
    queryFn: async ({ signal }): Promise<Use[]> => {
      const clusters = await pages(async (Marker) => {
        const command = new DescribeCacheClustersCommand({ Marker, MaxRecords: 100 });
        const answer = await elasticache.send(command, { abortSignal: signal });
        return { items: answer.CacheClusters, marker: answer.Marker };
      });
      return usesOf(clusters);
    },
  });
