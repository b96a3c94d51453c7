// @vitest-environment jsdom
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { elasticache } from '../api/elasticache';
import { type Cache, merge, refreshCaches } from './caches';
import { keys } from './keys';

const send = vi.spyOn(elasticache, 'send');
beforeEach(() => void send.mockImplementation(async () => ({ CacheClusters: [lone] })));
afterEach(() => send.mockReset());

const lone = { CacheClusterId: 'lone', CacheClusterStatus: 'available' };
const list = (status: string): Cache[] => [
  { id: 'lone', cluster: { ...lone, CacheClusterStatus: status } },
  { id: 'orders', group: { ReplicationGroupId: 'orders', Status: status } },
];

async function refresh(status: string, changes: { groups?: string[]; clusters?: string[] }) {
  const client = new QueryClient();
  client.setQueryData(keys.caches, list(status));
  await refreshCaches(client, { groups: [], clusters: [], ...changes });
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
    expect((await refresh('deleting', changes))?.isInvalidated).toBe(true);
  }
  expect(send).not.toHaveBeenCalled();
});

it('puts what is new in its place, and lets what is gone go', () => {
  expect(merge(list('available'), ['orders', 'lone'], [{ id: 'orders' }, undefined])).toEqual([{ id: 'orders' }]);
});

it('shows the answer to the last question, whichever comes first', async () => {
  const client = new QueryClient();
  client.setQueryData(keys.caches, list('available'));
  const answers: ((status: string) => void)[] = [];
  send.mockImplementation(
    () =>
      new Promise((resolve) => {
        answers.push((CacheClusterStatus) => resolve({ CacheClusters: [{ ...lone, CacheClusterStatus }] }));
      }),
  );
  const change = { groups: [], clusters: ['lone'] };
  const refreshes = [refreshCaches(client, change), refreshCaches(client, change)];
  answers[1]?.('rebooting cluster nodes');
  await refreshes[1];
  answers[0]?.('available');
  await refreshes[0];
  const shown = client.getQueryData<Cache[]>(keys.caches)?.find(({ id }) => id === 'lone');
  expect(shown?.cluster?.CacheClusterStatus).toBe('rebooting cluster nodes');
});
