import { describe, expect, it } from 'vitest';
import {
  changesNothing,
  clusterInputOf,
  clusterSubject,
  firstChoice,
  groupSubject,
  inputOf,
  planOf,
  type Settings,
  settingsOf,
  tokenChangeOf,
} from './plan';

const now: Settings = {
  description: 'orders of the shop',
  version: 'redis 7.0',
  parameterGroup: 'default.redis7',
  nodeType: 'cache.t4g.micro',
  securityGroups: { chosen: ['sg-1'], typed: '' },
  discovery: 'ipv4',
  automaticFailover: true,
  multiAZ: false,
  maintenanceWindow: 'sun:23:00-mon:00:00',
  autoMinorVersionUpgrade: true,
};

describe('settingsOf', () => {
  it('takes what a group does not tell from a member', () => {
    const group = {
      Description: 'orders of the shop',
      Engine: 'redis',
      CacheNodeType: 'cache.t4g.micro',
      AutomaticFailover: 'enabled' as const,
      MultiAZ: 'disabled' as const,
      AutoMinorVersionUpgrade: true,
      IpDiscovery: 'ipv4' as const,
    };
    const SecurityGroups = [{ SecurityGroupId: 'sg-1', Status: 'active' }];
    const member = {
      PreferredMaintenanceWindow: 'sun:23:00-mon:00:00',
      SecurityGroups,
      EngineVersion: '7.0.15',
      CacheParameterGroup: { CacheParameterGroupName: 'default.redis7' },
    };
    expect(settingsOf(groupSubject(group, member))).toEqual(now);
    const { Description, AutomaticFailover, MultiAZ, ...shared } = group;
    const alone = { ...now, description: '', automaticFailover: false };
    expect(settingsOf(clusterSubject({ ...shared, ...member }))).toEqual(alone);
  });
});

describe('firstChoice', () => {
  it('leaves tokens alone unless a link asks', () => {
    expect(firstChoice(false, null)).toEqual({ control: 'none', strategy: 'ROTATE', token: '', kept: true });
    expect(firstChoice(true, null)).toEqual({ control: 'auth', strategy: 'keep', token: '', kept: true });
    expect(firstChoice(true, 'nonsense').strategy).toBe('keep');
  });
  it('follows a link, also for a group without a token', () => {
    expect(firstChoice(false, 'SET')).toEqual({ control: 'auth', strategy: 'SET', token: '', kept: true });
    expect(firstChoice(true, 'ROTATE').strategy).toBe('ROTATE');
  });
});

describe('tokenChangeOf', () => {
  const token = 'abcdefghijklmnop';
  it('is nothing where nothing was asked', () => {
    expect(tokenChangeOf(true, { control: 'auth', strategy: 'keep', token, kept: true })).toBeUndefined();
    expect(tokenChangeOf(false, { control: 'none', strategy: 'ROTATE', token, kept: true })).toBeUndefined();
  });
  it('is what the original calls it', () => {
    expect(tokenChangeOf(false, { control: 'auth', strategy: 'SET', token, kept: true })).toEqual({
      strategy: 'SET',
      token,
    });
    expect(tokenChangeOf(true, { control: 'none', strategy: 'ROTATE', token, kept: true })).toEqual({
      strategy: 'DELETE',
    });
  });
});

describe('planOf', () => {
  it('has only what differs, in the order of the form', () => {
    const plan = planOf(now, { multiAZ: true, description: 'new', nodeType: now.nodeType });
    expect(plan.settings).toEqual([
      { setting: 'description', from: 'orders of the shop', to: 'new' },
      { setting: 'multiAZ', from: false, to: true },
    ]);
  });
  it('takes off and empty for values', () => {
    expect(planOf(now, { automaticFailover: false, description: '' }).settings).toHaveLength(2);
  });
  it('has security groups as a set', () => {
    const edited = (chosen: string[], typed: string) => planOf(now, { securityGroups: { chosen, typed } }).settings;
    expect(edited([], 'sg-1')).toEqual([]);
    expect(edited(['sg-1'], 'sg-0')).toEqual([{ setting: 'securityGroups', from: ['sg-1'], to: ['sg-0', 'sg-1'] }]);
  });
  it('changes nothing when all is as it was', () => {
    expect(changesNothing(planOf(now, { multiAZ: false }))).toBe(true);
    expect(changesNothing(planOf(now, {}, { strategy: 'DELETE' }))).toBe(false);
  });
});

describe('inputOf', () => {
  it('has the same names for a cluster alone', () => {
    const upgrade = { version: 'redis 7.1', nodeType: 'cache.t4g.small', discovery: 'ipv6' };
    expect(clusterInputOf('lone', planOf(now, upgrade, undefined, true))).toEqual({
      CacheClusterId: 'lone',
      ApplyImmediately: false,
      Engine: 'redis',
      EngineVersion: '7.1',
      CacheNodeType: 'cache.t4g.small',
      IpDiscovery: 'ipv6',
    });
  });
  it('names what changes and nothing else', () => {
    const plan = planOf(now, { multiAZ: true }, { strategy: 'ROTATE', token: 'abcdefghijklmnop' });
    expect(inputOf('orders', plan)).toEqual({
      ReplicationGroupId: 'orders',
      ApplyImmediately: true,
      MultiAZEnabled: true,
      AuthToken: 'abcdefghijklmnop',
      AuthTokenUpdateStrategy: 'ROTATE',
    });
  });
  it('asks for a version with its engine, and for what waits for the window', () => {
    const upgrade = { version: 'valkey 8.0', parameterGroup: 'default.valkey8' };
    expect(inputOf('orders', planOf(now, upgrade, undefined, true))).toEqual({
      ReplicationGroupId: 'orders',
      ApplyImmediately: false,
      Engine: 'valkey',
      EngineVersion: '8.0',
      CacheParameterGroupName: 'default.valkey8',
    });
    expect(inputOf('orders', planOf(now, { nodeType: 'cache.t4g.small' }, undefined, true))).toMatchObject({
      ApplyImmediately: false,
    });
  });
  it('lets nothing wait that cannot', () => {
    expect(inputOf('orders', planOf(now, { multiAZ: true }, undefined, true)).ApplyImmediately).toBe(true);
  });
  it('has no token without one', () => {
    const input = inputOf('orders', planOf(now, {}, { strategy: 'DELETE' }));
    expect(input).toEqual({ ReplicationGroupId: 'orders', ApplyImmediately: true, AuthTokenUpdateStrategy: 'DELETE' });
  });
});
