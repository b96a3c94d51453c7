import type { SecurityGroup } from '../../api/own';

/** Whether every word is somewhere in a security group: in its names, its rules, or who names it. */
export function matches(group: SecurityGroup, words: string): boolean {
  const rules = group.Rules.flatMap(({ Source, Description }) => [Source, Description]);
  const { SecurityGroupId, GroupName, Description, UsedBy } = group;
  const text = [SecurityGroupId, GroupName, Description, ...UsedBy, ...rules].join('\n').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
