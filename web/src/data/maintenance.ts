// What waits for maintenance windows, and having it done before.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type CacheInput, describeMaintenance, startMaintenance } from '../api/own';
import { keys } from './keys';

const pace = 60_000; // milliseconds; windows open and close by the clock, of which the stream says nothing

export const useMaintenance = () =>
  useQuery({
    queryKey: keys.maintenance,
    queryFn: async ({ signal }) => (await describeMaintenance(signal)).Caches,
    refetchInterval: pace,
  });

/** What can be maintained. */
export interface Maintained {
  id: string;
  kind: 'group' | 'cluster'; // cluster: a cache cluster that is in no group
}

const named = ({ id, kind }: Maintained): CacheInput =>
  kind === 'group' ? { ReplicationGroupId: id } : { CacheClusterId: id };

/** Has what waits be done now. */
export function useStartMaintenance(cache: Maintained, done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => startMaintenance(named(cache)),
    onSuccess: done,
    onSettled: () => {
      client.invalidateQueries({ queryKey: keys.maintenance });
      client.invalidateQueries({ queryKey: keys.of(cache.id) });
    },
  });
}
