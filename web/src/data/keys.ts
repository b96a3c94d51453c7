// What the cache of answers calls them: [id of the group, aspect], so that a change of a
// group makes all that is known about it old at once.
export const keys = {
  session: ['session'] as const,
  caches: ['caches'] as const,
  versions: ['versions'] as const,
  security: ['security-groups'] as const,
  of: (group: string) => ['of', group] as const,
  aspect: (group: string, aspect: Aspect) => ['of', group, aspect] as const,
};

export type Aspect =
  | 'group'
  | 'clusters'
  | 'access'
  | 'usage'
  | 'transit'
  | 'refused'
  | 'events'
  | 'tags'
  | 'failovers'
  | 'rotations'
  | 'move'
  | 'metrics';
