// The last hour of a group's nodes. To ask is what makes the service sample the group every two
// seconds, for half a minute; each round comes as an event, which makes this ask again. So an open
// page keeps it going without a timer, and one that is hidden lets it end.
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { describeMetrics, type Metrics } from '../api/own';
import { keys } from './keys';
import { lastTime, mergeMetrics } from './merge-metrics';

/** Asks only for what is new since the last answer, and keeps an hour. */
export const useMetrics = (id: string, enabled = true) =>
  useQuery({
    queryKey: keys.aspect(id, 'metrics'),
    queryFn: ({ signal, client }) => readMetrics(client, id, signal),
    enabled,
    refetchOnMount: 'always', // no event says that what was read before is old once nobody asked for a while
    structuralSharing: false, // each answer is new, and comparing an hour of samples is work
  });

async function readMetrics(client: QueryClient, id: string, signal: AbortSignal): Promise<Metrics> {
  const known = client.getQueryData<Metrics>(keys.aspect(id, 'metrics'));
  return mergeMetrics(known, await describeMetrics(id, lastTime(known), signal));
}
