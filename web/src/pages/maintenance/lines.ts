// What the page shows of a cache's maintenance.
import type { Maintenance } from '../../api/own';
import type { Cache } from '../../data/caches';

export interface Line extends Maintenance {
  kind: 'group' | 'cluster'; // cluster: a cache cluster that is in no group
  nodes: number;
}

/** Those for which something waits first; the window that opens first is first among them. */
export function linesOf(all: Maintenance[], caches: Cache[]): Line[] {
  const lines = all.map((maintenance): Line => {
    const cache = caches.find(({ id }) => id === maintenance.CacheId);
    const kind = cache?.cluster ? 'cluster' : 'group';
    return { ...maintenance, kind, nodes: cache?.group?.MemberClusters?.length ?? 1 };
  });
  return [...lines.filter(({ Due }) => Due), ...lines.filter(({ Due }) => !Due)];
}

/** Whether every word is in its name, or in what waits. */
export function matches({ CacheId, NodeType, Engine, EngineVersion }: Line, words: string): boolean {
  const text = [CacheId, NodeType, `${Engine} ${EngineVersion}`].join('\n').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
