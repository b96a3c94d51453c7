import type { Query, QueryClient, QueryFilters } from '@tanstack/react-query';

/**
 * Has what is shown read again, for it may be old. What is being read is not begun anew, else
 * steady change would never let it end, but read once more when it is there: the service may have
 * answered before the change.
 */
export async function renew(client: QueryClient, filters: QueryFilters = {}): Promise<void> {
  const underWay = client.getQueryCache().findAll({ ...filters, fetchStatus: 'fetching' });
  const atRest = (query: Query) => !underWay.includes(query) && (filters.predicate?.(query) ?? true);
  await Promise.all([
    client.invalidateQueries({ ...filters, predicate: atRest }),
    ...underWay.map((query) => onceMore(client, query)),
  ]);
}

// Queries that are read once more when they are there. One more answers for all changes until then.
const waiting = new WeakMap<Query, Promise<void>>();

function onceMore(client: QueryClient, query: Query): Promise<void> {
  const begun = waiting.get(query);
  if (begun) return begun;
  const read = async () => {
    await query.fetch().catch(() => {}); // the one that is under way; its page shows the error
    waiting.delete(query);
    await client.invalidateQueries({ queryKey: query.queryKey, exact: true });
  };
  const reading = read();
  waiting.set(query, reading);
  return reading;
}
