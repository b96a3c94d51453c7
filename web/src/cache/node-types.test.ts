import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeTypes } from './node-types';

test('the node types are those that the service knows', () => {
  const source = readFileSync(new URL('../../../internal/cache/nodetype_memory.go', import.meta.url), 'utf8');
  const known = [...source.matchAll(/"(cache\.[a-z0-9.]+)":/g)].map(([, name]) => name);
  expect(known).toHaveLength(112);
  expect(nodeTypes.flatMap(({ types }) => types).sort()).toEqual(known.sort());
});
