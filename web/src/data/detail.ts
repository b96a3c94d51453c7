// What only the page of one cache shows and does.
import { DescribeCacheClustersCommand } from '@aws-sdk/client-elasticache';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { elasticache } from '../api/elasticache';
import { ServiceError } from '../api/error';
import { describeEvents, describeFailovers, type Event } from '../api/own';
import { pages } from './caches';
import { clusterKey, keys } from './keys';

/** One cache cluster: alone, or a group's member. */
export const useCluster = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: clusterKey(id),
    enabled,
    queryFn: async ({ signal }) => {
      const command = new DescribeCacheClustersCommand({ CacheClusterId: id, ShowCacheNodeInfo: true });
      const [cluster] = (await elasticache.send(command, { abortSignal: signal })).CacheClusters ?? [];
      if (!cluster) throw new ServiceError('CacheClusterNotFound', id);
      return cluster;
    },
  });

/** Whose events are read. */
export interface EventSource {
  id: string;
  type: 'replication-group' | 'cache-cluster';
}

const day = 24 * 60; // minutes
export const eventSpans = { day, week: 7 * day, all: 14 * day } as const; // none are kept longer
export type EventSpan = keyof typeof eventSpans;

/** Events of a cache and its nodes, newest first. */
export const useEventsOf = (id: string, sources: EventSource[], span: EventSpan) =>
  useQuery({
    queryKey: [...keys.aspect(id, 'events'), span, ...sources.map((s) => s.id)],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const each = await Promise.all(sources.map((source) => eventsOf(source, eventSpans[span], signal)));
      return newestFirst(each.flat());
    },
  });

/** Those of the same time in the order in which the service lists them: it begins with the newest. */
export const newestFirst = (events: Event[]): Event[] =>
  events.sort((a, b) => (b.Date?.getTime() ?? 0) - (a.Date?.getTime() ?? 0));

const eventsOf = ({ id, type }: EventSource, Duration: number, signal: AbortSignal) =>
  pages(async (marker) => {
    const answer = await describeEvents(id, type, Duration, marker, signal);
    return { items: answer.Events, marker: answer.Marker };
  });

/** The receipts of a group's failovers, newest first. */
export const useFailovers = (id: string) =>
  useQuery({
    queryKey: keys.aspect(id, 'failovers'),
    queryFn: ({ signal }) =>
      pages(async (marker) => {
        const answer = await describeFailovers(id, marker, signal);
        return { items: answer.Failovers, marker: answer.Marker };
      }),
  });

/** Changes something about a cache; what is known of it is old then, whether it was refused or not. */
export function useChange<T>(id: string, change: (what: T) => Promise<unknown>, done?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => done?.(), // also if its dialog was closed: it says what was done
    onSettled: () => {
      client.invalidateQueries({ queryKey: keys.of(id) });
    },
  });
}
