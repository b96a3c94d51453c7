import { describe, expect, it, test } from 'vitest';
import type { SecurityGroup } from '../api/own';
import { effectOf, idsMax, idsOf, isSource, isText, portsOf, problemOfIds } from './security';

const known = (SecurityGroupId: string, ...sources: string[]): SecurityGroup => ({
  SecurityGroupId,
  GroupName: SecurityGroupId,
  Description: '',
  Rules: sources.map((Source) => ({ Source, FromPort: undefined, ToPort: undefined, Description: '' })),
  CreatedAt: undefined,
  UsedBy: [],
  Origin: 'own',
  VpcId: '',
  ReadAt: undefined,
  GoneSince: undefined,
  Twice: false,
});

describe('ids', () => {
  it('are chosen and typed, each once', () => {
    expect(idsOf({ chosen: ['sg-1'], typed: ' sg-2,sg-1、\n sg-3 ' })).toEqual(['sg-1', 'sg-2', 'sg-3']);
    expect(idsOf({ chosen: [], typed: ' ' })).toEqual([]);
  });

  const many = Array.from({ length: idsMax + 1 }, (_, i) => `sg-${i}`).join(' ');
  it.each([
    ['', false, undefined],
    ['', true, 'last'],
    ['sg-0123456789abcdef0', true, undefined],
    ['sg-1 default', false, 'form'],
    ['SG-1', false, 'form'],
    [many, false, 'many'],
  ])('%j (had some: %s): %s', (typed, hadSome, problem) => {
    expect(problemOfIds({ chosen: [], typed }, hadSome)).toBe(problem);
  });
});

test('who may connect', () => {
  const all = [known('sg-web', '10.0.0.0/8'), known('sg-none')];
  expect(effectOf([], all)).toEqual({ kind: 'everybody' });
  expect(effectOf(['sg-web', 'sg-none'], all)).toEqual({ kind: 'ruled' });
  expect(effectOf(['sg-none'], all)).toEqual({ kind: 'nobody' });
  expect(effectOf(['sg-web', 'sg-else'], all)).toEqual({ kind: 'unknown', ids: ['sg-else'] });
  expect(effectOf(['sg-web', 'sg-else'], all, true)).toEqual({ kind: 'lookedUp', ids: ['sg-else'] });
});

describe('sources', () => {
  it.each([
    ['10.0.0.0/8', true],
    ['192.0.2.7', true],
    ['0.0.0.0/0', true],
    ['2001:db8::/32', true],
    ['::/0', true],
    ['::1', true],
    ['10.0.0.0/33', false],
    ['2001:db8::/129', false],
    ['10.0.0', false],
    ['10.0.0.256', false],
    ['fe80::1%eth0', false],
    ['sg-1', false],
    ['10.0.0.0/', false],
    ['', false],
  ])('%j: %s', (text, good) => expect(isSource(text)).toBe(good));
});

describe('ports', () => {
  it.each([
    ['', {}],
    ['6379', { FromPort: 6379, ToPort: 6379 }],
    [' 6379 - 6399 ', { FromPort: 6379, ToPort: 6399 }],
    ['6399-6379', undefined],
    ['0', undefined],
    ['1-65536', undefined],
    ['redis', undefined],
  ])('%j', (typed, ports) => expect(portsOf(typed)).toEqual(ports));
});

test('names are in letters that every tool can print', () => {
  expect(isText('web servers (all)')).toBe(true);
  expect(isText('店')).toBe(false);
  expect(isText('a'.repeat(256))).toBe(false);
});
