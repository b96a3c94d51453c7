import { describe, expect, it, test } from 'vitest';
import { nameOf, restarts, upgradesOf, type Version, versionOf } from './upgrades';

const version = (name: string, servedBy?: string): Version => ({ ...versionOf(name), servedBy });

const offered = [
  version('redis 6.2', 'redis 7.0.15'),
  version('redis 7.0'),
  version('redis 7.1', 'redis 7.0.15'),
  version('redis 7.4'),
  version('redis 8.0'),
  version('valkey 7.2', 'valkey 8.0.1'),
  version('valkey 8.0'),
  version('valkey 9.0'),
];

describe('upgradesOf', () => {
  test.each([
    ['redis 7.0.15', undefined, ['valkey 9.0', 'valkey 8.0', 'valkey 7.2', 'redis 8.0', 'redis 7.4', 'redis 7.1']],
    ['redis 7.1', 'redis 7.0.15', ['valkey 9.0', 'valkey 8.0', 'valkey 7.2', 'redis 8.0', 'redis 7.4']],
    ['redis 7.4.1', undefined, ['redis 8.0']], // whose data Valkey cannot read
    ['redis 8.0', undefined, []],
    ['valkey 8.0.1', undefined, ['valkey 9.0']], // never back to Redis
    ['valkey 9.0', undefined, []],
    ['redis 7.0', 'valkey 8.0.1', ['valkey 9.0', 'valkey 8.0', 'valkey 7.2']],
  ])('of %s, served by %s', (now, servedBy, names) => {
    expect(upgradesOf(version(now, servedBy), offered).map(nameOf)).toEqual(names);
    const own = names.filter((name) => name.startsWith(version(now).engine)); // a cluster alone cannot run another engine
    expect(upgradesOf(version(now, servedBy), offered, true).map(nameOf)).toEqual(own);
  });
});

test.each([
  ['redis 7.0.15', 'redis 7.1', 'redis 7.0.15', false],
  ['redis 7.0.14', 'redis 7.1', 'redis 7.0.15', true],
  ['redis 7.0.15', 'valkey 8.0', undefined, true],
])('from %s to %s, served by %s, nodes restart: %s', (from, to, servedBy, restart) => {
  expect(restarts(version(from), version(to, servedBy))).toBe(restart);
});

it('calls a version by its release', () => {
  expect(nameOf({ engine: 'redis', version: '7.0.15' })).toBe('redis 7.0');
  expect(versionOf('valkey 8.0')).toEqual({ engine: 'valkey', version: '8.0' });
});
