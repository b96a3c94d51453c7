import { describe, expect, it, test } from 'vitest';
import { type Draft, draftOf, matches, newDraft, type Problem, requestOf, wrongSubnets, wrongWith } from './draft';

const draft = (edits: Partial<Draft> = {}): Draft => ({ ...newDraft(), name: 'racks', subnets: 'subnet-1', ...edits });

describe('what is wrong', () => {
  const cases: [Partial<Draft>, Problem[]][] = [
    [{}, []],
    [{ name: 'Racks.of_the-shop' }, []],
    [{ name: '' }, ['name']],
    [{ name: '-racks' }, ['name']],
    [{ name: '棚' }, ['name']],
    [{ subnets: ' \n' }, ['noSubnets']],
    [{ subnets: 'subnet-1\nrack' }, ['subnets']],
  ];
  it.each(cases)('%o', (edits, wrong) => expect(wrongWith(draft(edits))).toEqual(wrong));
});

it('names the subnets that are none', () => {
  expect(wrongSubnets(draft({ subnets: 'subnet-1, rack vpc-1' }))).toEqual(['rack', 'vpc-1']);
});

it('asks for each subnet once', () => {
  expect(requestOf(draft({ description: ' of the shop ', subnets: 'subnet-1\nsubnet-2\nsubnet-1' }))).toEqual({
    name: 'racks',
    description: 'of the shop',
    subnets: ['subnet-1', 'subnet-2'],
  });
});

const group = {
  CacheSubnetGroupName: 'racks',
  CacheSubnetGroupDescription: 'of the shop',
  VpcId: 'vpc-1',
  Subnets: [
    { SubnetIdentifier: 'subnet-1', SubnetAvailabilityZone: { Name: 'us-east-1a' } },
    { SubnetIdentifier: 'subnet-2', SubnetAvailabilityZone: { Name: 'us-east-1b' } },
  ],
};

it('begins with what a group has', () => {
  expect(draftOf(group)).toEqual({ name: 'racks', description: 'of the shop', subnets: 'subnet-1\nsubnet-2' });
});

test.each([
  ['', true],
  ['RACKS shop', true],
  ['subnet-2 1b', true],
  ['vpc-2', false],
])('%j finds it: %s', (words, found) => expect(matches(group, words)).toBe(found));
