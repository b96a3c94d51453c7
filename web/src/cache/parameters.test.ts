import { describe, expect, it, test } from 'vitest';
import {
  allowedOf,
  choicesOf,
  differs,
  isChanged,
  isName,
  nodeTypesOf,
  pairsOf,
  passes,
  settingsOf,
  valuesFor,
} from './parameters';

const policy = {
  ParameterName: 'maxmemory-policy',
  ParameterValue: 'allkeys-lru',
  Description: 'Which keys are evicted',
  AllowedValues: 'volatile-lru,allkeys-lru,noeviction',
  DataType: 'string',
  IsModifiable: true,
  Source: 'user',
};
const timeout = {
  ParameterName: 'timeout',
  ParameterValue: '0',
  AllowedValues: '0,20-',
  DataType: 'integer',
  IsModifiable: true,
  Source: 'system',
};
const databases = {
  ParameterName: 'databases',
  ParameterValue: '16',
  ChangeType: 'requires-reboot' as const,
  Source: 'system',
};
const defaults = [{ ...policy, ParameterValue: 'volatile-lru' }, timeout, databases];

describe('settingsOf', () => {
  const [first, second, third] = settingsOf([policy, timeout, databases], defaults);
  it('has the default beside the value', () => {
    expect(first).toMatchObject({ value: 'allkeys-lru', usual: 'volatile-lru', chosen: true, modifiable: true });
    expect(first && isChanged(first)).toBe(true);
    expect(second && isChanged(second)).toBe(false);
  });
  it('knows what cannot be set, and what takes a start', () => {
    expect(third).toMatchObject({ modifiable: false, reboot: true, allowed: [] });
  });
  it('takes a parameter without a value for one that is empty', () => {
    const bare = { ParameterName: 'notify-keyspace-events' };
    expect(settingsOf([bare], [{ ...bare, ParameterValue: '' }]).map(isChanged)).toEqual([false]);
  });
});

test.each([
  ['', 'string', []],
  ['yes,no', 'string', [{ only: 'yes' }, { only: 'no' }]],
  ['volatile-lru,noeviction', 'string', [{ only: 'volatile-lru' }, { only: 'noeviction' }]],
  ['0-', 'integer', [{ from: '0' }]],
  ['1-75', 'integer', [{ from: '1', to: '75' }]],
  ['-', 'integer', [{}]],
  ['5000', 'integer', [{ only: '5000' }]],
  ['0,20-', 'integer', [{ only: '0' }, { from: '20' }]],
  ['-5,-1,1-', 'integer', [{ only: '-5' }, { only: '-1' }, { from: '1' }]],
])('%j of type %s', (written, type, allowed) => {
  expect(allowedOf(written, type)).toEqual(allowed);
});

test.each([
  ['yes,no', 'string', 'no', ['yes', 'no']],
  ['0,20-', 'integer', '0', undefined],
  ['', 'string', '', undefined],
  ['APPEND,BITCOUNT', 'string', '', undefined],
])('%j of type %s, by default %j, is chosen from %j', (written, type, usual, choices) => {
  expect(choicesOf({ allowed: allowedOf(written, type), usual })).toEqual(choices);
});

test.each([
  ['', false, ['maxmemory-policy', 'timeout', 'databases']],
  ['POLICY', false, ['maxmemory-policy']],
  ['evicted keys', false, ['maxmemory-policy']],
  ['16', false, ['databases']],
  ['', true, ['maxmemory-policy']],
  ['timeout', true, []],
])('%j, changed only: %s', (text, changedOnly, names) => {
  const all = settingsOf([policy, timeout, databases], defaults);
  expect(all.filter(passes({ text, changedOnly })).map(({ name }) => name)).toEqual(names);
});

it('lays two groups beside each other, also those of different families', () => {
  const pairs = pairsOf([policy, timeout], [{ ...policy, ParameterValue: 'noeviction' }, timeout, databases]);
  expect(pairs.filter(differs)).toEqual([
    { name: 'databases', left: undefined, right: '16' },
    { name: 'maxmemory-policy', left: 'allkeys-lru', right: 'noeviction' },
  ]);
  expect(pairs.map(({ name }) => name)).toEqual(['databases', 'maxmemory-policy', 'timeout']);
});

test.each([
  ['sessions', true],
  ['web-1', true],
  ['', false],
  ['1-web', false],
  ['web--1', false],
  ['web-', false],
  ['web.1', false],
  ['店', false],
])('%j can be a name: %s', (name, can) => expect(isName(name)).toBe(can));

describe('what goes by the node type', () => {
  const values = ['cache.t4g.micro', 'cache.t4g.small', 'cache.m7g.large'].map((CacheNodeType, i) => ({
    CacheNodeType,
    Value: String(i),
  }));
  const all = [{ ParameterName: 'maxmemory', Description: 'Bytes', CacheNodeTypeSpecificValues: values }];
  it('begins with the types that are in use', () => {
    expect(nodeTypesOf(all, ['cache.m7g.large', 'cache.x'])).toEqual({
      used: ['cache.m7g.large'],
      others: ['cache.t4g.micro', 'cache.t4g.small'],
    });
    expect(nodeTypesOf([], [])).toEqual({ used: [], others: [] });
  });
  it('has a value for each', () => {
    expect(valuesFor(all, 'cache.t4g.small')).toEqual([{ name: 'maxmemory', description: 'Bytes', value: '1' }]);
  });
});
