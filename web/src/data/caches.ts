// All caches of a server, for the list: what the original tells of a group beside what aikagi
// tells of its credentials.
import {
  type CacheCluster,
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { elasticache } from '../api/elasticache';
import { isNotFound } from '../api/error';
import { type Access, describeAccess, listAccess } from '../api/own';
import type { Changes } from '../api/stream';
import { namesAny } from '../cache/security';
import { keys } from './keys';
import { renew } from './renew';

/** One line of the list: a replication group, or a cache cluster that is in none. */
export interface Cache {
  id: string;
  group?: ReplicationGroup;
  cluster?: CacheCluster; // instead of group
  access?: Access; // of a group
}

const pageSize = 100;

/** Above so many changed groups, reading all pages is cheaper than asking for each. */
const askEachMax = 20;

export const cachesQuery = queryOptions({ queryKey: keys.caches, queryFn: ({ signal }) => allCaches(signal) });

export const useCaches = () => useQuery(cachesQuery);

async function allCaches(signal: AbortSignal): Promise<Cache[]> {
  const [groups, accesses, clusters] = await Promise.all([allGroups(signal), allAccess(signal), loneClusters(signal)]);
  const accessOf = new Map(accesses.map((a) => [a.ReplicationGroupId, a]));
  return sorted([
    ...groups.map((group) => ofGroup(group, accessOf.get(group.ReplicationGroupId ?? ''))),
    ...clusters.map(ofCluster),
  ]);
}

const ofGroup = (group: ReplicationGroup, access?: Access): Cache => ({
  id: group.ReplicationGroupId ?? '',
  group,
  access,
});
const ofCluster = (cluster: CacheCluster): Cache => ({ id: cluster.CacheClusterId ?? '', cluster });
const sorted = (caches: Cache[]) => caches.sort((a, b) => (a.id < b.id ? -1 : 1));

/** Reads page after page. */
export async function pages<T>(read: (marker?: string) => Promise<{ items?: T[]; marker?: string }>): Promise<T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  do {
    const next = await read(marker);
    all.push(...(next.items ?? []));
    marker = next.marker || undefined;
  } while (marker);
  return all;
}

const allGroups = (signal: AbortSignal) =>
  pages(async (Marker) => {
    const command = new DescribeReplicationGroupsCommand({ Marker, MaxRecords: pageSize });
    const answer = await elasticache.send(command, { abortSignal: signal });
    return { items: answer.ReplicationGroups, marker: answer.Marker };
  });

const allAccess = (signal: AbortSignal) =>
  pages(async (marker) => {
    const answer = await listAccess(marker, signal);
    return { items: answer.ReplicationGroups, marker: answer.Marker };
  });

const loneClusters = (signal: AbortSignal) =>
  pages(async (Marker) => {
    const command = new DescribeCacheClustersCommand({
      Marker,
      MaxRecords: pageSize,
      ShowCacheClustersNotInReplicationGroups: true,
      ShowCacheNodeInfo: true, // it has the endpoint
    });
    const answer = await elasticache.send(command, { abortSignal: signal });
    return { items: answer.CacheClusters, marker: answer.Marker };
  });

/** Brings the list up to date with what the stream told, asking for no more than what changed. */
export async function refreshCaches(client: QueryClient, changes: Changes): Promise<void> {
  const { all, clusters } = changes;
  const groups = withNamers(changes, client.getQueryData<Cache[]>(keys.caches));
  const ids = [...groups, ...clusters];
  if (!all && ids.length === 0) return; // nothing that the list shows
  const list = currentList(client);
  const going = list?.some((cache) => ids.includes(cache.id) && isGoing(cache));
  if (all || going || ids.length > askEachMax || !list) return renew(client, { queryKey: keys.caches });
  const turn = ++turns;
  for (const id of ids) asked.set(id, turn);
  const fresh = await Promise.all([...groups.map(oneGroup), ...clusters.map(oneCluster)]);
  // Answers may overtake each other: that to the last question counts.
  const last = ids.map((id) => asked.get(id) === turn);
  const now = currentList(client);
  if (!now) return renew(client, { queryKey: keys.caches });
  const replaced = merge(
    now,
    ids.filter((_, i) => last[i]),
    fresh.filter((_, i) => last[i]),
  );
  client.setQueryData<Cache[]>(keys.caches, replaced);
}

/** The groups that changed, and those of the list whose security groups did: who may connect to them may have, too. */
const withNamers = ({ groups, securityGroups }: Changes, list: Cache[] = []): string[] => [
  ...new Set([...groups, ...list.filter(({ access }) => namesAny(access, securityGroups)).map(({ id }) => id)]),
];

/**
 * The list, if all of it is known to be up to date but for what the stream just told. One that
 * nobody looks at, or that is being read, is not: to write to it would say that it is.
 */
function currentList(client: QueryClient): Cache[] | undefined {
  const query = client.getQueryCache().find<Cache[]>({ queryKey: keys.caches });
  if (!query?.isActive() || query.state.isInvalidated || query.state.fetchStatus === 'fetching') return undefined;
  return query.state.data;
}

// Which refresh asked for a cache last.
let turns = 0;
const asked = new Map<string, number>();

/** Whether it may be gone already: to ask for it by its name would be answered with an error, which browsers log. */
const isGoing = ({ group, cluster }: Cache) => (group?.Status ?? cluster?.CacheClusterStatus) === 'deleting';

/** Puts what is new in the place of what was asked for; what is not there any more goes. */
export function merge(list: Cache[], asked: string[], fresh: (Cache | undefined)[]): Cache[] {
  const kept = list.filter((cache) => !asked.includes(cache.id));
  return sorted([...kept, ...fresh.filter((cache) => cache !== undefined)]);
}

async function oneGroup(id: string): Promise<Cache | undefined> {
  const command = new DescribeReplicationGroupsCommand({ ReplicationGroupId: id });
  return gone(async () => {
    const [answer, access] = await Promise.all([elasticache.send(command), describeAccess(id)]);
    const [group] = answer.ReplicationGroups ?? [];
    return group && ofGroup(group, access);
  });
}

async function oneCluster(id: string): Promise<Cache | undefined> {
  const command = new DescribeCacheClustersCommand({ CacheClusterId: id, ShowCacheNodeInfo: true });
  return gone(async () => {
    const [cluster] = (await elasticache.send(command)).CacheClusters ?? [];
    return cluster && ofCluster(cluster);
  });
}

/** Undefined where the service says that there is no such thing. */
async function gone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
