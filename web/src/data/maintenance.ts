// What waits for maintenance windows, having it done before, and taking it back.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type CacheInput, cancelMaintenance, describeMaintenance, startMaintenance } from '../api/own';
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

/** What can be done with what waits: do it now, or take it back. */
export type MaintenanceStep = 'start' | 'cancel';

export function useMaintain(cache: Maintained, step: MaintenanceStep, done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => (step === 'start' ? startMaintenance(named(cache)) : cancelMaintenance(named(cache))),
    onSuccess: done,
    onSettled: () => {
      client.invalidateQueries({ queryKey: keys.maintenance });
      client.invalidateQueries({ queryKey: keys.of(cache.id) });
    },
  });
}
