import type { QueryClient } from '@tanstack/react-query';
import type { Changes } from '../api/stream';
import { keys } from './keys';
import { renew } from './renew';

/**
 * Brings up to date what the stream told of. Which caches use a group is told with the caches; and a parameter may be set
 * or not, depending on whether one does.
 */
export function refreshUses(client: QueryClient, changes: Changes): void {
  const { all, groups, clusters, parameterGroups, subnetGroups } = changes;
  const caches = all || groups.length + clusters.length > 0;
  if (caches || parameterGroups.length > 0) renew(client, { queryKey: keys.parameters });
  if (all || subnetGroups.length > 0) renew(client, { queryKey: keys.subnets });
  if (!caches) return;
  renew(client, { queryKey: keys.uses });
  renew(client, { queryKey: keys.maintenance });
}
