import {
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ModifyReplicationGroupCommand,
  type RebootCacheClusterCommand,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import createWrapper from '@cloudscape-design/components/test-utils/dom';
import { QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { Route, Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { elasticache } from '../../api/elasticache';
import { ServiceError } from '../../api/error';
import { type Access, describeAccess } from '../../api/own';
import { newQueryClient } from '../../data/client';
import { keys } from '../../data/keys';
import { LanguageProvider } from '../../i18n';
import { base } from '../../paths';
import { rotation } from '../rotation/testing';
import Cache from '.';

vi.mock('../../api/own', async (original) => ({
  ...(await original<typeof import('../../api/own')>()),
  describeAccess: vi.fn(),
  describeRefused: vi.fn(() => new Promise(() => {})),
  describeMove: vi.fn(async () => (await import('./move/testing')).resting()),
  describeMetrics: vi.fn(async (ReplicationGroupId: string) => ({ ReplicationGroupId, AsOf: undefined, Nodes: [] })),
}));

const node = (CacheClusterId: string, CurrentRole: string) => ({ CacheClusterId, CurrentRole });
const orders: ReplicationGroup = {
  ReplicationGroupId: 'orders',
  Description: 'Orders of the shop',
  Status: 'available',
  AutomaticFailover: 'disabled',
  MemberClusters: ['orders-001', 'orders-002'],
  NodeGroups: [
    { NodeGroupId: '0001', NodeGroupMembers: [node('orders-001', 'primary'), node('orders-002', 'replica')] },
  ],
};
const quiet: Access = {
  ...({} as Access),
  ReplicationGroupId: 'orders',
  Status: 'available',
  StatusReasons: [],
  PasswordlessOpen: false,
  SecurityGroups: [],
  AddressPlan: 'loopback',
  ExposureReasons: [],
  Credentials: [],
  Nodes: [],
};

/** What the service has; tests change it. */
let groups: Record<string, ReplicationGroup>;
let clusters: Record<string, { CacheClusterId: string; ReplicationGroupId?: string; CacheClusterStatus: string }>;
const asked = vi.fn();

beforeEach(() => {
  groups = { orders };
  clusters = {};
  asked.mockReset();
  vi.mocked(describeAccess).mockReset().mockResolvedValue(quiet);
  vi.spyOn(elasticache, 'send').mockImplementation(async (command: unknown) => {
    if (command instanceof DescribeReplicationGroupsCommand) {
      const group = groups[command.input.ReplicationGroupId ?? ''];
      if (!group) throw new ServiceError('ReplicationGroupNotFoundFault', 'not found');
      return { ReplicationGroups: [group] };
    }
    if (command instanceof DescribeCacheClustersCommand) {
      const cluster = clusters[command.input.CacheClusterId ?? ''];
      if (!cluster) throw new ServiceError('CacheClusterNotFound', 'not found');
      return { CacheClusters: [cluster] };
    }
    asked(command);
    return {};
  });
});

function show(path: string) {
  const client = newQueryClient();
  const { hook, history } = memoryLocation({ path: `${base}${path}`, record: true });
  render(
    <QueryClientProvider client={client}>
      <LanguageProvider>
        <Router base={base} hook={hook}>
          <Route path="/caches/:id/:tab?">{({ id, tab }) => <Cache key={id} id={id} tab={tab} />}</Route>
        </Router>
      </LanguageProvider>
    </QueryClientProvider>,
  );
  return { client, history };
}

const heading = (name: string) => screen.findByRole('heading', { level: 1, name });

test('a group that is deleted under the open page is said to be gone, with a way back', async () => {
  const { client } = show('/caches/orders/nodes');
  await heading('orders');
  groups = {};
  await act(() => client.invalidateQueries({ queryKey: keys.of('orders') }));
  expect(await screen.findByText('There is no cache named "orders".')).toBeTruthy();
  const back = screen.getByRole('link', { name: 'Show all caches' });
  expect(back.getAttribute('href')).toBe('/console/');
  expect(screen.queryByRole('tab')).toBeNull();

  const before = vi.mocked(elasticache.send).mock.calls.length;
  await act(() => new Promise((done) => setTimeout(done, 50)));
  expect(vi.mocked(elasticache.send).mock.calls.length).toBe(before); // nobody goes on asking
});

test('one that comes back is shown again', async () => {
  groups = {};
  const { client } = show('/caches/orders');
  expect(await screen.findByText('There is no cache named "orders".')).toBeTruthy();
  groups = { orders };
  await act(() => client.invalidateQueries({ queryKey: keys.of('orders') }));
  expect(await screen.findByText('Cache details')).toBeTruthy();
});

test('what was read stays while the service does not answer', async () => {
  const { client } = show('/caches/orders');
  await screen.findByText('Cache details');
  vi.mocked(elasticache.send).mockRejectedValue(new ServiceError('InternalFailure', 'later') as never);
  await act(() => client.invalidateQueries({ queryKey: keys.of('orders') }));
  expect(screen.getByText('Cache details')).toBeTruthy();
});

test('a cache cluster that is in no group has a page of its own', async () => {
  clusters = { lone: { CacheClusterId: 'lone', CacheClusterStatus: 'available' } };
  show('/caches/lone');
  await heading('lone');
  const names = (await screen.findAllByRole('tab')).map((tab) => tab.textContent);
  expect(names).toEqual(['Overview', 'Events', 'Tags', 'Connect']);
});

test('the address of a member leads to the nodes of its group', async () => {
  clusters = {
    'orders-002': { CacheClusterId: 'orders-002', ReplicationGroupId: 'orders', CacheClusterStatus: 'available' },
  };
  const { history } = show('/caches/orders-002');
  await heading('orders');
  expect(history.at(-1)).toBe('/console/caches/orders/nodes');
});

test('a tab that is opened is in the address', async () => {
  const { history } = show('/caches/orders');
  await heading('orders');
  fireEvent.click(screen.getByRole('tab', { name: 'Nodes' }));
  expect(history.at(-1)).toBe('/console/caches/orders/nodes');
  expect(await screen.findByRole('table', { name: 'Nodes' })).toBeTruthy();
});

test('passwordless access that is open is said, with what closes it', async () => {
  groups = { orders: { ...orders, TransitEncryptionEnabled: true } };
  const Credentials = ['NONE', '6ceaac09e150'].map((Fingerprint) => ({ Fingerprint, AddedAt: undefined }));
  vi.mocked(describeAccess).mockResolvedValue({ ...quiet, PasswordlessOpen: true, Credentials });
  show('/caches/orders');
  const finish = await screen.findByRole('link', { name: 'Finish with guided rotation' });
  expect(finish.getAttribute('href')).toBe('/console/rotation/orders');
  const set = screen.getByRole('link', { name: 'Set token' });
  expect(set.getAttribute('href')).toBe('/console/modify/orders?strategy=SET');
});

test('a replica is promoted after a question; a refusal is shown in it', async () => {
  show('/caches/orders/nodes');
  const table = await screen.findByRole('table', { name: 'Nodes' });
  const [, replica] = within(table).getAllByRole('radio');
  fireEvent.click(replica as HTMLElement);
  const nodeActions = screen.getAllByRole('button', { name: 'Actions' }).at(-1);
  fireEvent.click(nodeActions as HTMLElement);
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Promote to primary' }));
  expect(asked).not.toHaveBeenCalled();

  asked.mockImplementation(() => {
    throw new ServiceError('InvalidReplicationGroupState', 'A failover of replication group orders is under way.');
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Promote' }));
  expect(await screen.findByText('A failover of replication group orders is under way.')).toBeTruthy();

  asked.mockReset();
  fireEvent.click(screen.getByRole('button', { name: 'Promote' }));
  await vi.waitFor(() => expect(screen.queryByRole('button', { name: 'Promote' })).toBeNull());
  const [command] = asked.mock.lastCall as [ModifyReplicationGroupCommand];
  expect(command).toBeInstanceOf(ModifyReplicationGroupCommand);
  expect(command.input).toMatchObject({ ReplicationGroupId: 'orders', PrimaryClusterId: 'orders-002' });
});

test('a node to reboot is chosen in the question', async () => {
  show('/caches/orders');
  await heading('orders');
  fireEvent.click(screen.getByRole('button', { name: 'Actions' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Reboot node…' }));
  const reboot = await screen.findByRole('button', { name: 'Reboot' });
  expect(reboot).toHaveProperty('disabled', true);
  const nodes = createWrapper(document.body).findSelect();
  act(() => nodes?.openDropdown());
  act(() => nodes?.selectOptionByValue('orders-001'));
  fireEvent.click(reboot);
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  const [command] = asked.mock.lastCall as [RebootCacheClusterCommand];
  expect(command.input).toEqual({ CacheClusterId: 'orders-001', CacheNodeIdsToReboot: ['0001'] });
});

test('a rotation that was rolled back is said until its old token is ended', async () => {
  groups = { orders: { ...orders, TransitEncryptionEnabled: true } };
  const Credentials = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'].map((Fingerprint) => ({ Fingerprint, AddedAt: undefined }));
  const LastRotation = rotation('rolled-back', { Reason: 'its owner rolled it back' });
  vi.mocked(describeAccess).mockResolvedValue({ ...quiet, Credentials, LastRotation });
  show('/caches/orders');
  expect(await screen.findByText(/The token rotation was rolled back/)).toBeTruthy();
  expect(screen.getByText(/Its owner rolled it back\.$/)).toBeTruthy();
  const finish = screen.getByRole('link', { name: 'Finish with guided rotation' });
  expect(finish.getAttribute('href')).toBe('/console/rotation/orders');
});

test('what the service would refuse is not offered', async () => {
  show('/caches/orders');
  fireEvent.click(await screen.findByRole('button', { name: 'Actions' }));
  const blocked = async (name: string) =>
    (await screen.findByText(name)).closest('[role="menuitem"], a, button')?.getAttribute('aria-disabled') === 'true';
  expect(await blocked('Test failover')).toBe(true); // it is not automatic
  expect(await blocked('Add replica')).toBe(false);
  expect(await blocked('Modify')).toBe(false);
  expect(await blocked('Secure cache')).toBe(false); // where TLS is not required, that comes before a token
  expect(screen.queryByText('Rotate token')).toBeNull();
});
