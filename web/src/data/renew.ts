import type { QueryClient, QueryFilters } from '@tanstack/react-query';

/**
 * Has what is shown read again, for it may be old. What is being read for the first time is read
 * once more when it is there: the service may have answered before the change.
 */
export async function renew(client: QueryClient, filters: QueryFilters = {}): Promise<void> {
  const first = client
    .getQueryCache()
    .findAll({ ...filters, fetchStatus: 'fetching' })
    .filter((query) => query.state.data === undefined);
  await Promise.all([
    client.invalidateQueries(filters),
    ...first.map(async (query) => {
      await query.fetch().catch(() => {}); // the one that is under way; its page shows the error
      await client.invalidateQueries({ queryKey: query.queryKey, exact: true });
    }),
  ]);
}
