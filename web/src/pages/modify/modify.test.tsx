import { ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import { QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { elasticache } from '../../api/elasticache';
import { ServiceError } from '../../api/error';
import * as own from '../../api/own';
import { newQueryClient } from '../../data/client';
import { keys } from '../../data/keys';
import { LanguageProvider } from '../../i18n';
import { NoticesProvider } from '../../shell/notices';
import { securityGroup } from '../security/testing';
import Modify from '.';
import { emptyPreview, someClient } from './testing';

const token = 'a-token-of-the-shop';
const none = { Fingerprint: 'NONE', AddedAt: undefined };
const first = { Fingerprint: 'aaaaaaaaaaaa', AddedAt: undefined };
const second = { Fingerprint: 'bbbbbbbbbbbb', AddedAt: undefined };

const group = (part: object = {}) => ({
  ReplicationGroupId: 'orders',
  Description: 'orders of the shop',
  Status: 'available',
  AuthTokenEnabled: false,
  TransitEncryptionEnabled: true,
  AutomaticFailover: 'enabled',
  CacheNodeType: 'cache.t4g.micro',
  MemberClusters: ['orders-001'],
  ...part,
});

// The design system is slow without a real browser, and more so beside other tests.

const answers = (): Record<string, object> => ({
  DescribeReplicationGroupsCommand: { ReplicationGroups: [shown] },
  DescribeCacheEngineVersionsCommand: {
    CacheEngineVersions: [
      { Engine: 'redis', EngineVersion: '7.0', CacheParameterGroupFamily: 'redis7' },
      {
        Engine: 'redis',
        EngineVersion: '7.1',
        CacheParameterGroupFamily: 'redis7',
        CacheEngineVersionDescription: 'redis version 7.1, served by redis 7.0.15',
      },
      { Engine: 'valkey', EngineVersion: '8.0', CacheParameterGroupFamily: 'valkey8' },
    ],
  },
  DescribeCacheParameterGroupsCommand: {
    CacheParameterGroups: ['redis7', 'valkey8'].map((family) => ({
      CacheParameterGroupName: `default.${family}`,
      CacheParameterGroupFamily: family,
    })),
  },
  ListAllowedNodeTypeModificationsCommand: { ScaleUpModifications: ['cache.t4g.small'], ScaleDownModifications: [] },
  DescribeCacheClustersCommand: {
    CacheClusters: [
      {
        PreferredMaintenanceWindow: 'sun:23:00-mon:00:00',
        SecurityGroups: named,
        EngineVersion: '7.0.15',
        CacheParameterGroup: { CacheParameterGroupName: 'default.redis7' },
      },
    ],
  },
});

let shown: ReturnType<typeof group>;
let named: { SecurityGroupId: string }[];
const modified = vi.fn();

beforeEach(() => {
  shown = group();
  named = [];
  modified.mockReset();
  vi.spyOn(elasticache, 'send').mockImplementation(
    async (command: { constructor: { name: string }; input: unknown }) => {
      if (command instanceof ModifyReplicationGroupCommand) return modified(command.input);
      return answers()[command.constructor.name];
    },
  );
  vi.spyOn(own, 'describeAccess').mockResolvedValue({ Credentials: [none], PasswordlessOpen: false } as never);
  vi.spyOn(own, 'describeSecurityGroups').mockResolvedValue({
    SecurityGroups: [securityGroup()],
    EC2: undefined,
    Marker: '',
  });
  vi.spyOn(own, 'describeMetrics').mockResolvedValue({ ReplicationGroupId: 'orders', AsOf: new Date(), Nodes: [] });
});
afterEach(() => {
  vi.restoreAllMocks();
});

function show(search = '') {
  const client = newQueryClient();
  const { hook, searchHook, history } = memoryLocation({ path: `/modify/orders${search}`, record: true });
  render(
    <QueryClientProvider client={client}>
      <LanguageProvider>
        <Router hook={hook} searchHook={searchHook}>
          <NoticesProvider>
            <Modify id="orders" />
          </NoticesProvider>
        </Router>
      </LanguageProvider>
    </QueryClientProvider>,
  );
  return { client, history };
}

// By text and label: to find roles takes seconds here.
const button = (name: string) => screen.findByText(name, { selector: 'button *' });
const press = async (name: string) => fireEvent.click(await button(name));
const table = (name: string) => screen.findByLabelText(name, { selector: 'table' });
const choose = async (label: string, option: string) => {
  const trigger = await screen.findByLabelText(new RegExp(`^${label}`), { selector: 'button:not([disabled])' });
  fireEvent.mouseDown(trigger);
  fireEvent.click(trigger);
  const found = await screen.findByText(option, { selector: '[role="option"] *' });
  fireEvent.mouseUp(found);
  fireEvent.click(found);
};
const disabled = async (name: string) => (await button(name)).closest('button')?.disabled;
const enter = async (label: string, value: string) => {
  fireEvent.change(await screen.findByLabelText(label), { target: { value } });
};
const previews = (preview: Partial<own.TokenPreview>) =>
  vi.spyOn(own, 'previewTokenChange').mockResolvedValue({ ...emptyPreview, ...preview });

it('says so when nothing was changed', async () => {
  show();
  await press('Preview changes');
  expect(await screen.findByText('You have not changed anything yet.')).toBeTruthy();
  expect(screen.queryByText('Review changes')).toBeNull();
});

it('has an upgrade wait for the window, with the parameter group that goes with it', async () => {
  shown = group({ Engine: 'redis', MemberClusters: ['orders-001', 'orders-002'] });
  modified.mockResolvedValue({ ReplicationGroup: shown });
  show();
  await choose('Engine version', 'Valkey 8.0');
  expect(await screen.findByText('default.valkey8')).toBeTruthy();
  fireEvent.click(await screen.findByLabelText('In the maintenance window'));
  await press('Preview changes');
  const changes = await table('Changes');
  expect(within(changes).getByText('Redis OSS 7.0')).toBeTruthy();
  expect(within(changes).getByText('Valkey 8.0')).toBeTruthy();
  expect(screen.getByText(/^The engine version and the node type are changed in the maintenance window/)).toBeTruthy();
  expect(screen.getByText(/^The replicas restart with the new version one after the other/)).toBeTruthy();
  await press('Modify');
  await waitFor(() => expect(modified).toHaveBeenCalledOnce());
  expect(modified.mock.lastCall?.[0]).toEqual({
    ReplicationGroupId: 'orders',
    ApplyImmediately: false,
    Engine: 'valkey',
    EngineVersion: '8.0',
    CacheParameterGroupName: 'default.valkey8',
  });
  expect(await screen.findByText('Show what waits')).toBeTruthy();
});

it('says what serves a version that is not installed, and that nothing restarts for it', async () => {
  shown = group({ Engine: 'redis' });
  show();
  await choose('Engine version', 'Redis OSS 7.1');
  expect(await screen.findByText(/^This version is not installed. redis 7.0.15 serves it/)).toBeTruthy();
  await press('Preview changes');
  expect(await screen.findByText(/nothing restarts\.$/)).toBeTruthy();
});

it('offers the node types that the service allows', async () => {
  modified.mockResolvedValue({ ReplicationGroup: shown });
  show();
  await choose('Node type', 'cache.t4g.small');
  await press('Preview changes');
  expect(await screen.findByText(/^The memory limit is changed while the nodes run/)).toBeTruthy();
  await press('Modify');
  await waitFor(() => expect(modified).toHaveBeenCalledOnce());
  expect(modified.mock.lastCall?.[0]).toMatchObject({ ApplyImmediately: true, CacheNodeType: 'cache.t4g.small' });
});

it('shows encryption in transit, and where it is changed', async () => {
  shown = group({ TransitEncryptionMode: 'preferred' });
  show();
  expect(await screen.findByLabelText('Encryption in transit')).toHaveProperty('value', 'Preferred');
  const link = screen.getByText('Go to encryption in transit').closest('a');
  expect(link?.getAttribute('href')).toBe('/console/caches/orders/connectivity');
  expect(screen.getByText(/Access control needs TLS to be required/)).toBeTruthy();
});

it('does not go on without a token', async () => {
  show('?strategy=ROTATE');
  await enter('Redis AUTH token', 'short');
  await press('Preview changes');
  expect(await screen.findByText('Enter a Redis AUTH token that meets the rules, under Security.')).toBeTruthy();
  expect(screen.queryByText('Review changes')).toBeNull();
});

it('lists old and new values, and asks for no more than what changes', async () => {
  modified.mockResolvedValue({ ReplicationGroup: shown });
  const { history } = show();
  await enter('Description', 'orders of two shops');
  await press('Preview changes');
  const changes = await table('Changes');
  expect(within(changes).getByText('orders of the shop')).toBeTruthy();
  expect(within(changes).getByText('orders of two shops')).toBeTruthy();
  await press('Modify');
  await waitFor(() => expect(history?.at(-1)).toBe('/caches/orders'));
  expect(modified).toHaveBeenCalledWith({
    ReplicationGroupId: 'orders',
    ApplyImmediately: true,
    ReplicationGroupDescription: 'orders of two shops',
  });
});

it('says who may connect with other security groups, and what is closed', async () => {
  named = [{ SecurityGroupId: 'sg-web' }];
  modified.mockResolvedValue({ ReplicationGroup: shown });
  show();
  await enter('Other security group IDs', 'sg-legacy');
  await press('Preview changes');
  const changes = await table('Changes');
  expect(await within(changes).findByText('web (sg-web)')).toBeTruthy();
  expect(within(changes).getByText('sg-legacy and web (sg-web)')).toBeTruthy();
  expect(screen.getByText(/^Not known here: sg-legacy/)).toBeTruthy();
  expect(screen.getByText(/^Open connections that the new security groups do not allow/)).toBeTruthy();
  await press('Modify');
  await waitFor(() => expect(modified).toHaveBeenCalledOnce());
  expect(modified.mock.lastCall?.[0]).toMatchObject({ SecurityGroupIds: ['sg-legacy', 'sg-web'] });
});

it('does not take the last security group away, which the service would not either', async () => {
  named = [{ SecurityGroupId: 'sg-web' }];
  show();
  fireEvent.click(await screen.findByLabelText('Remove web'));
  await press('Preview changes');
  expect(await screen.findAllByText(/^A cache that has security groups keeps at least one/)).toBeTruthy();
  expect(screen.queryByText('Review changes')).toBeNull();
});

it('offers to rotate first where there is nothing to set, and keeps the token', async () => {
  const Message = 'There is no AUTH token to SET. Please rotate in an AUTH token first.';
  const preview = previews({
    Before: [none],
    PasswordlessBefore: true,
    Refusal: { Code: 'InvalidParameterValue', Message, Fact: undefined },
  });
  show('?strategy=SET');
  await enter('Redis AUTH token', token);
  await press('Preview changes');
  expect(await screen.findByText(Message)).toBeTruthy();
  expect(await disabled('Modify')).toBe(true);

  preview.mockResolvedValue({
    ...emptyPreview,
    Before: [none],
    After: [none, first],
    PasswordlessBefore: true,
    PasswordlessAfter: true,
  });
  await press('Rotate first');
  expect(await screen.findByText('Nobody: this change does not end any credential.')).toBeTruthy();
  expect(preview).toHaveBeenLastCalledWith('orders', 'ROTATE', token);
  expect(screen.queryByText(Message)).toBeNull();
  expect(screen.getByText('Keep the new token now')).toBeTruthy();
});

it('shows who would be locked out, follows the group, and has the token in no cache', async () => {
  shown = group({ AuthTokenEnabled: true });
  const ending = { Before: [first, second], After: [second], Ends: first.Fingerprint, UsageComplete: true };
  const OtherClients = { ...someClient, Name: '', Address: '', Connections: 4 };
  const preview = previews({ ...ending, InUse: true, LockedOut: [someClient], OtherClients, LockedOutConnections: 7 });
  const { client } = show('?strategy=SET');
  await enter('Redis AUTH token', token);
  await press('Preview changes');
  const locked = await table('Who would be locked out right now');
  expect(within(locked).getByText('worker-1')).toBeTruthy();
  expect(within(locked).getByText('redis-py 5.0.1')).toBeTruthy();
  expect(screen.getByText('And others, with 4 connections in total.')).toBeTruthy();
  const accepted = await table('What is accepted');
  const row = within(accepted).getByText(`With the old token (${first.Fingerprint})`).closest('tr');
  expect(Array.from(row?.cells ?? [], (cell) => cell.textContent).slice(1)).toEqual(['Accepted', 'Refused']);

  preview.mockResolvedValue({ ...emptyPreview, ...ending });
  await act(() => client.invalidateQueries({ queryKey: keys.aspect('orders', 'metrics') }));
  expect(await screen.findByText(/^Nobody uses it/)).toBeTruthy();
  expect(screen.queryByText('worker-1')).toBeNull();
  expect(
    JSON.stringify(
      client
        .getQueryCache()
        .getAll()
        .map((q) => [q.queryKey, q.state.data]),
    ),
  ).not.toContain(token);
  expect(
    JSON.stringify(
      client
        .getMutationCache()
        .getAll()
        .map((m) => m.state),
    ),
  ).not.toContain(token);
});

it('does not take silence of a node for nobody', async () => {
  shown = group({ AuthTokenEnabled: true });
  const MissingNodes = [{ CacheClusterId: 'orders-001', Reason: 'timeout', Fact: undefined }];
  previews({ Before: [none, first], After: [first], Ends: 'NONE', MissingNodes });
  show('?strategy=SET');
  await enter('Redis AUTH token', token);
  await press('Preview changes');
  expect(await screen.findByText('Unknown: node orders-001 could not be asked (timeout).')).toBeTruthy();
  expect(screen.queryByText(/^Nobody/)).toBeNull();
});

it('keeps what was entered when the service refuses, and waits for the group', async () => {
  modified.mockRejectedValue(new ServiceError('InvalidParameterCombination', 'Multi-AZ needs automatic failover.'));
  const { client } = show();
  await enter('Description', 'another');
  await press('Preview changes');
  await press('Modify');
  expect(await screen.findByText('Multi-AZ needs automatic failover.')).toBeTruthy();

  shown = group({ Status: 'modifying' });
  await act(() => client.invalidateQueries({ queryKey: keys.of('orders') }));
  expect(await screen.findByText('The cache is not available')).toBeTruthy();
  expect(await disabled('Modify')).toBe(true);
  await press('Previous');
  expect(await screen.findByDisplayValue('another')).toBeTruthy();
});

it('does not take a token away that another client gave the group meanwhile', async () => {
  modified.mockResolvedValue({ ReplicationGroup: shown });
  const { client } = show();
  await enter('Description', 'orders of two shops');
  await press('Preview changes');
  await table('Changes');
  act(() => void client.setQueryData(keys.aspect('orders', 'group'), group({ AuthTokenEnabled: true })));
  await press('Modify');
  await waitFor(() => expect(modified).toHaveBeenCalled());
  expect(modified.mock.lastCall?.[0]).toEqual({
    ReplicationGroupId: 'orders',
    ApplyImmediately: true,
    ReplicationGroupDescription: 'orders of two shops',
  });
});

it('does not modify when it would do something else than was shown', async () => {
  const preview = previews({
    Before: [none],
    After: [none, second],
    PasswordlessBefore: true,
    PasswordlessAfter: true,
  });
  show('?strategy=ROTATE');
  await enter('Redis AUTH token', token);
  await press('Preview changes');
  await table('What is accepted');
  preview.mockResolvedValue({ ...emptyPreview, Before: [none, first], After: [first, second], Ends: 'NONE' });
  await press('Modify');
  expect(await screen.findByText(/Something has changed since this was shown/)).toBeTruthy();
  expect(modified).not.toHaveBeenCalled();
});
