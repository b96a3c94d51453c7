import type { ReplicationGroup } from '@aws-sdk/client-elasticache';

/** Whether a replica takes over by itself; a group that is being created says that it is about to. */
export const failsOver = ({ AutomaticFailover: state }: Pick<ReplicationGroup, 'AutomaticFailover'>): boolean =>
  state === 'enabled' || state === 'enabling';
