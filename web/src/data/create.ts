// What a new cache needs to know, and its creation.
import {
  CreateReplicationGroupCommand,
  type CreateReplicationGroupCommandInput,
  DescribeCacheEngineVersionsCommand,
} from '@aws-sdk/client-elasticache';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { elasticache } from '../api/elasticache';
import { pages } from './caches';
import { keys } from './keys';

export interface EngineVersion {
  engine: string; // valkey or redis
  version: string;
  family?: string; // of parameter groups that go with it
  servedBy?: string; // by what, if an alias stands for it: redis 7.0.15
}

/** What can be asked for where the caches run. */
export const useVersions = () =>
  useQuery({
    queryKey: keys.versions,
    staleTime: 0, // nothing tells when an engine is installed
    queryFn: ({ signal }): Promise<EngineVersion[]> =>
      pages(async (Marker) => {
        const command = new DescribeCacheEngineVersionsCommand({ Marker });
        const answer = await elasticache.send(command, { abortSignal: signal });
        const items = (answer.CacheEngineVersions ?? []).map((v) => ({
          engine: v.Engine ?? '',
          version: v.EngineVersion ?? '',
          family: v.CacheParameterGroupFamily,
          servedBy: v.CacheEngineVersionDescription?.split(', served by ')[1],
        }));
        return { items, marker: answer.Marker };
      }),
  });

/** Creates a group. The request may hold a token: it is forgotten as soon as the page is left. */
export function useCreate(request: () => CreateReplicationGroupCommandInput, done: (id: string) => void) {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: async () => {
      const answer = await elasticache.send(new CreateReplicationGroupCommand(request()));
      return answer.ReplicationGroup?.ReplicationGroupId ?? '';
    },
    onSuccess: (id) => {
      client.invalidateQueries({ queryKey: keys.caches });
      done(id);
    },
  });
}
