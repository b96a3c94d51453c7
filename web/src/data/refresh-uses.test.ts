import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { keys } from './keys';
import { refreshUses } from './refresh-uses';
import { nothing } from './testing';

it.each([
  [{ events: true }, []],
  [{ parameterGroups: ['sessions'] }, ['parameter-groups', 'parameter-groups sessions']],
  [{ subnetGroups: ['racks'] }, ['subnet-groups']],
  [{ groups: ['orders'] }, ['maintenance', 'parameter-groups', 'parameter-groups sessions', 'uses']],
  [{ clusters: ['lone'] }, ['maintenance', 'parameter-groups', 'parameter-groups sessions', 'uses']],
  [{ all: true }, ['maintenance', 'parameter-groups', 'parameter-groups sessions', 'subnet-groups', 'uses']],
])('reads anew what %o is about, and nothing else', (changes, renewed) => {
  const client = new QueryClient();
  const known = [keys.parameters, keys.parameterGroup('sessions'), keys.defaults('valkey8'), keys.subnets, keys.uses];
  for (const key of [...known, keys.maintenance]) client.setQueryData(key, []);
  refreshUses(client, { ...nothing, ...changes });
  const old = client.getQueryCache().findAll({ predicate: ({ state }) => state.isInvalidated });
  expect(old.map(({ queryKey }) => queryKey.join(' ')).sort()).toEqual(renewed);
});
