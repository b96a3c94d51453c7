// The form of a subnet group: what is typed, what is wrong with it, and what it asks for.
import type { CacheSubnetGroup } from '@aws-sdk/client-elasticache';
import { wordsOf } from '../../cache/security';
import type { SubnetRequest } from '../../data/subnets';

export interface Draft {
  name: string;
  description: string;
  subnets: string; // one a line
}

export const newDraft = (): Draft => ({ name: '', description: '', subnets: '' });

export const draftOf = (group: CacheSubnetGroup): Draft => ({
  name: group.CacheSubnetGroupName ?? '',
  description: group.CacheSubnetGroupDescription ?? '',
  subnets: (group.Subnets ?? []).map(({ SubnetIdentifier }) => SubnetIdentifier).join('\n'),
});

export type Problem = 'name' | 'noSubnets' | 'subnets';

/** What is wrong before the service is asked; it knows all other rules. */
export function wrongWith(draft: Draft): Problem[] {
  const wrong: Record<Problem, boolean> = {
    name: !/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/.test(draft.name),
    noSubnets: wordsOf(draft.subnets).length === 0,
    subnets: wrongSubnets(draft).length > 0,
  };
  return (Object.keys(wrong) as Problem[]).filter((problem) => wrong[problem]);
}

export const wrongSubnets = ({ subnets }: Draft): string[] =>
  wordsOf(subnets).filter((id) => !/^subnet-[0-9A-Za-z-]{1,64}$/.test(id));

export const requestOf = ({ name, description, subnets }: Draft): SubnetRequest => ({
  name: name.trim(),
  description: description.trim(),
  subnets: wordsOf(subnets),
});

/** Whether every word is somewhere in what is shown of a group. */
export function matches(group: CacheSubnetGroup, words: string): boolean {
  const subnets = (group.Subnets ?? []).flatMap((s) => [s.SubnetIdentifier, s.SubnetAvailabilityZone?.Name]);
  const { CacheSubnetGroupName: name, CacheSubnetGroupDescription: description, VpcId } = group;
  const text = [name, description, VpcId, ...subnets].join('\n').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
