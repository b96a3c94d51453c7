import { ModifyCacheClusterCommand } from '@aws-sdk/client-elasticache';
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { elasticache } from '../../api/elasticache';
import { ServiceError } from '../../api/error';
import * as own from '../../api/own';
import { newQueryClient } from '../../data/client';
import { LanguageProvider } from '../../i18n';
import { NoticesProvider } from '../../shell/notices';
import Modify from '.';

const cluster = {
  CacheClusterId: 'lone',
  CacheClusterStatus: 'available',
  CacheNodeType: 'cache.t4g.micro',
  Engine: 'redis',
  EngineVersion: '7.0.15',
  NetworkType: 'dual_stack',
  IpDiscovery: 'ipv4',
  PreferredMaintenanceWindow: 'sun:23:00-mon:00:00',
  CacheParameterGroup: { CacheParameterGroupName: 'default.redis7' },
  CacheNodes: [{ Endpoint: { Address: '127.80.0.9', Port: 6379 } }],
};
const version = (Engine: string, EngineVersion: string) => ({
  Engine,
  EngineVersion,
  CacheParameterGroupFamily: Engine,
});

const modified = vi.fn();
const asked = vi.fn();
afterEach(() => {
  vi.restoreAllMocks();
});

function show(shown: object = cluster) {
  const answers: Record<string, object> = {
    DescribeCacheClustersCommand: { CacheClusters: [shown] },
    DescribeCacheEngineVersionsCommand: {
      CacheEngineVersions: [version('redis', '7.0'), version('redis', '7.2'), version('valkey', '8.0')],
    },
    DescribeCacheParameterGroupsCommand: { CacheParameterGroups: [] },
    ListAllowedNodeTypeModificationsCommand: { ScaleUpModifications: ['cache.t4g.small'], ScaleDownModifications: [] },
  };
  vi.spyOn(elasticache, 'send').mockImplementation(
    async (command: { constructor: { name: string }; input: unknown }) => {
      const { name } = command.constructor;
      asked(name, command.input);
      if (name === 'DescribeReplicationGroupsCommand') throw new ServiceError('ReplicationGroupNotFoundFault', 'lone');
      return command instanceof ModifyCacheClusterCommand ? modified(command.input) : answers[name];
    },
  );
  vi.spyOn(own, 'describeAccess').mockRejectedValue(new Error('there is none'));
  vi.spyOn(own, 'describeSecurityGroups').mockResolvedValue({ SecurityGroups: [], EC2: undefined, Marker: '' });
  const { hook, searchHook, history } = memoryLocation({ path: '/modify/lone?strategy=ROTATE', record: true });
  render(
    <QueryClientProvider client={newQueryClient()}>
      <LanguageProvider>
        <Router hook={hook} searchHook={searchHook}>
          <NoticesProvider>
            <Modify id="lone" />
          </NoticesProvider>
        </Router>
      </LanguageProvider>
    </QueryClientProvider>,
  );
  return history;
}

const press = async (name: string) => fireEvent.click(await screen.findByText(name, { selector: 'button *' }));
const open = async (label: string) => {
  const trigger = await screen.findByLabelText(new RegExp(`^${label}`), { selector: 'button:not([disabled])' });
  fireEvent.mouseDown(trigger);
  fireEvent.click(trigger);
};
const options = () => screen.findAllByText(/./, { selector: '[role="option"] *' });

it('offers a cluster alone what ModifyCacheCluster honours, and nothing else', async () => {
  modified.mockResolvedValue({ CacheCluster: { ...cluster, CacheClusterStatus: 'modifying', CacheNodes: undefined } });
  const history = show();
  await open('Engine version');
  const offered = (await options()).map((o) => o.textContent);
  expect(offered.filter((text) => text?.includes('Valkey'))).toEqual([]);
  const newer = await screen.findByText('Redis OSS 7.2', { selector: '[role="option"] *' });
  fireEvent.mouseUp(newer);
  fireEvent.click(newer);
  fireEvent.click(screen.getByLabelText('IPv6'));
  for (const missing of ['Description', 'Access control', 'Encryption in transit', 'Automatic failover', 'Multi-AZ'])
    expect(screen.queryByLabelText(missing), missing).toBeNull();
  expect(asked).toHaveBeenCalledWith('ListAllowedNodeTypeModificationsCommand', { CacheClusterId: 'lone' });

  await press('Preview changes');
  const changes = await screen.findByLabelText('Changes', { selector: 'table' });
  expect(within(changes).getByText('Redis OSS 7.0')).toBeTruthy();
  expect(within(changes).getByText('IPv6')).toBeTruthy();
  expect(screen.getByText(/a cache cluster on its own has no replica/)).toBeTruthy();
  await press('Modify');
  await waitFor(() => expect(history?.at(-1)).toBe('/caches/lone'));
  expect(modified).toHaveBeenCalledWith({
    CacheClusterId: 'lone',
    ApplyImmediately: true,
    Engine: 'redis',
    EngineVersion: '7.2',
    CacheParameterGroupName: 'default.redis',
    IpDiscovery: 'ipv6',
  });
  expect(own.describeAccess).not.toHaveBeenCalled();
});

it('modifies the group of a member', async () => {
  const history = show({ ...cluster, ReplicationGroupId: 'orders' });
  await waitFor(() => expect(history?.at(-1)).toBe('/modify/orders'));
});
