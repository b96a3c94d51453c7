// What the list shows of a parameter group.
import type { CacheParameterGroup } from '@aws-sdk/client-elasticache';
import { isDefault } from '../../cache/parameters';
import { type Use, usersOfParameters } from '../../cache/uses';

export interface Line {
  name: string;
  family: string;
  description: string;
  users: string[]; // ids of caches
}

/** Those that somebody made first. Of the default ones there are many, most of which nobody needs to see. */
export function linesOf(groups: CacheParameterGroup[], uses: Use[], ownOnly: boolean): Line[] {
  const lines = groups.map((group) => ({
    name: group.CacheParameterGroupName ?? '',
    family: group.CacheParameterGroupFamily ?? '',
    description: group.Description ?? '',
    users: usersOfParameters(uses, group.CacheParameterGroupName ?? '').map(({ id }) => id),
  }));
  const shown = lines.filter(({ name, users }) => !ownOnly || !isDefault(name) || users.length > 0);
  const rank = ({ name }: Line) => `${isDefault(name) ? 1 : 0}${name}`;
  return shown.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** Whether every word is somewhere in what is shown. */
export function matches({ name, family, description, users }: Line, words: string): boolean {
  const text = [name, family, description, ...users].join('\n').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Families to choose from: those that engines here use first, then the newest of each engine. */
export function familiesOf(groups: CacheParameterGroup[], usable: string[]): string[] {
  const all = new Set(groups.map(({ CacheParameterGroupFamily: family }) => family ?? ''));
  const newestFirst = [...all].sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return [...newestFirst.filter((f) => usable.includes(f)), ...newestFirst.filter((f) => !usable.includes(f))];
}
