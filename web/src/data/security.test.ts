// @vitest-environment jsdom
import { QueryClient } from '@tanstack/react-query';
import { afterEach, expect, it, vi } from 'vitest';
import * as own from '../api/own';
import { accessWith } from '../pages/rotation/testing';
import { securityGroup } from '../pages/security/testing';
import { keys } from './keys';
import { makeSecurityGroup, refreshSecurity } from './security';
import { nothing } from './testing';

afterEach(() => vi.restoreAllMocks());

it('reads anew what a change is about, and nothing else', () => {
  const client = new QueryClient();
  const SecurityGroups = [{ SecurityGroupId: 'sg-web', GroupName: 'web', Known: true }];
  client.setQueryData(keys.security, []);
  client.setQueryData(keys.aspect('orders', 'access'), accessWith({ SecurityGroups }));
  client.setQueryData(keys.aspect('carts', 'access'), accessWith());
  client.setQueryData(keys.aspect('orders', 'tags'), []);
  const old = () =>
    client
      .getQueryCache()
      .findAll({ predicate: ({ state }) => state.isInvalidated })
      .map(({ queryKey }) => queryKey.join(' '));

  refreshSecurity(client, { ...nothing, events: true });
  expect(old()).toEqual([]);
  refreshSecurity(client, { ...nothing, groups: ['orders'] }); // it may name others now
  expect(old()).toEqual(['security-groups']);
  refreshSecurity(client, { ...nothing, securityGroups: ['sg-web'] });
  expect(old()).toEqual(['security-groups', 'of orders access']);
});

it('creates a security group together with its rules', async () => {
  const made = securityGroup();
  const create = vi.spyOn(own, 'createSecurityGroup').mockResolvedValue({ SecurityGroup: made });
  expect(await makeSecurityGroup({ name: 'web', description: '', id: '', sources: ['10.1.0.0/16'] })).toBe(made);
  expect(create).toHaveBeenCalledWith({
    GroupName: 'web',
    Description: undefined,
    SecurityGroupId: undefined,
    Sources: ['10.1.0.0/16'],
  });
});
