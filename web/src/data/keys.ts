// What the cache of answers calls them: [id of the group, aspect], so that a change of a
// group makes all that is known about it old at once.
export const keys = {
  session: ['session'] as const,
  caches: ['caches'] as const,
  versions: ['versions'] as const,
  security: ['security-groups'] as const,
  parameters: ['parameter-groups'] as const, // the list; all else about them begins with it
  parameterGroup: (name: string) => ['parameter-groups', name] as const,
  defaults: (family: string) => ['default-parameters', family] as const,
  subnets: ['subnet-groups'] as const,
  uses: ['uses'] as const, // which parameter groups and subnet groups caches use
  maintenance: ['maintenance'] as const,
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
  | 'nodeTypes'
  | 'metrics';

/** A cache cluster by itself, whether it is a member of a group or not. */
export const clusterKey = (id: string) => [...keys.aspect(id, 'clusters'), 'self'] as const;
