// @vitest-environment jsdom
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { elasticache } from '../api/elasticache';
import * as own from '../api/own';
import { accessWith } from '../pages/rotation/testing';
import { type Cache, merge, refreshCaches } from './caches';
import { keys } from './keys';
import { nothing } from './testing';

const send = vi.spyOn(elasticache, 'send');
beforeEach(() => void send.mockImplementation(async () => ({ CacheClusters: [lone] })));
afterEach(() => send.mockReset());

const lone = { CacheClusterId: 'lone', CacheClusterStatus: 'available' };
const list = (status: string): Cache[] => [
  { id: 'lone', cluster: { ...lone, CacheClusterStatus: status } },
  { id: 'orders', group: { ReplicationGroupId: 'orders', Status: status } },
];

const everything = vi.fn<() => Promise<Cache[]>>();
let stop = () => {};
beforeEach(() => void everything.mockReset().mockImplementation(async () => list('all of it')));
afterEach(() => stop());

/** Somebody looks at a list that was read before. */
function lookAt(status: string): QueryClient {
  const client = new QueryClient();
  client.setQueryData(keys.caches, list(status));
  const queryFn = everything;
  stop = new QueryObserver(client, { queryKey: keys.caches, queryFn, staleTime: Infinity }).subscribe(() => {});
  return client;
}

async function refresh(status: string, changes: { groups?: string[]; clusters?: string[] }) {
  const client = lookAt(status);
  await refreshCaches(client, { ...nothing, ...changes });
  return client.getQueryState<Cache[]>(keys.caches);
}

it('asks for what changed only', async () => {
  const state = await refresh('creating', { clusters: ['lone'] });
  expect(send).toHaveBeenCalledTimes(1);
  expect(state?.isInvalidated).toBe(false);
  expect(state?.data?.map(({ cluster, group }) => cluster?.CacheClusterStatus ?? group?.Status)).toEqual([
    'available',
    'creating',
  ]);
});

it('does not ask for what may be gone, but reads the list', async () => {
  for (const changes of [{ clusters: ['lone'] }, { groups: ['orders'] }]) {
    const state = await refresh('deleting', changes);
    expect(state?.data).toEqual(list('all of it'));
    stop();
  }
  expect(send).not.toHaveBeenCalled();
});

it('does not call a list up to date of which it knows one cache only', async () => {
  const client = lookAt('available');
  stop();
  await client.invalidateQueries({ queryKey: keys.caches }); // the stream was away while nobody looked
  await refreshCaches(client, { ...nothing, clusters: ['lone'] });
  expect(client.getQueryState(keys.caches)?.isInvalidated).toBe(true);

  const fresh = new QueryClient();
  await refreshCaches(fresh, { ...nothing, clusters: ['lone'] });
  expect(fresh.getQueryData(keys.caches)).toBeUndefined();
  expect(send).not.toHaveBeenCalled();
});

it('does not write over a list that is being read', async () => {
  const client = lookAt('available');
  let answer = (_: Cache[]) => {};
  everything.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  let tellOne = (_: { CacheClusters: (typeof lone)[] }) => {};
  send.mockImplementation(() => new Promise((resolve) => (tellOne = resolve)));
  const refreshed = refreshCaches(client, { ...nothing, clusters: ['lone'] });
  client.invalidateQueries({ queryKey: keys.caches });
  tellOne({ CacheClusters: [lone] });
  await new Promise((turn) => setTimeout(turn)); // it is there
  answer(list('before the change'));
  await refreshed;
  expect(client.getQueryData(keys.caches)).toEqual(list('all of it'));
});

it('asks for who names a security group that changed', async () => {
  const client = lookAt('available');
  const SecurityGroups = [{ SecurityGroupId: 'sg-1', GroupName: '', Known: false }];
  const before = list('available').map((cache) =>
    cache.group ? { ...cache, access: accessWith({ SecurityGroups }) } : cache,
  );
  client.setQueryData(keys.caches, before);
  await refreshCaches(client, { ...nothing, securityGroups: ['sg-2'] });
  expect(send).not.toHaveBeenCalled();
  vi.spyOn(own, 'describeAccess').mockResolvedValue(accessWith());
  send.mockImplementation(async () => ({ ReplicationGroups: [{ ReplicationGroupId: 'orders', Status: 'available' }] }));
  await refreshCaches(client, { ...nothing, securityGroups: ['sg-1'] });
  const orders = client.getQueryData<Cache[]>(keys.caches)?.find(({ id }) => id === 'orders');
  expect(orders?.access?.SecurityGroups).toEqual([]);
});

it('puts what is new in its place, and lets what is gone go', () => {
  expect(merge(list('available'), ['orders', 'lone'], [{ id: 'orders' }, undefined])).toEqual([{ id: 'orders' }]);
});

it('shows the answer to the last question, whichever comes first', async () => {
  const client = lookAt('available');
  const answers: ((status: string) => void)[] = [];
  send.mockImplementation(
    () =>
      new Promise((resolve) => {
        answers.push((CacheClusterStatus) => resolve({ CacheClusters: [{ ...lone, CacheClusterStatus }] }));
      }),
  );
  const change = { ...nothing, clusters: ['lone'] };
  const refreshes = [refreshCaches(client, change), refreshCaches(client, change)];
  answers[1]?.('rebooting cache cluster nodes');
  await refreshes[1];
  answers[0]?.('available');
  await refreshes[0];
  const shown = client.getQueryData<Cache[]>(keys.caches)?.find(({ id }) => id === 'lone');
  expect(shown?.cluster?.CacheClusterStatus).toBe('rebooting cache cluster nodes');
});
