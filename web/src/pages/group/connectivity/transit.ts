import { ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import { elasticache } from '../../../api/elasticache';
import type { Transit } from '../../../cache/transit';

/** What a change of the mode is called. */
export type TransitStep = 'offer' | 'require' | 'allow' | 'off';

export function stepTo(from: Transit, to: Transit): TransitStep {
  if (to === 'preferred') return from === 'none' ? 'offer' : 'allow';
  return to === 'none' ? 'off' : 'require';
}

/** Asks the service for another mode. It takes one at once only. */
export const changeTransit = (ReplicationGroupId: string, to: Transit) =>
  elasticache.send(
    new ModifyReplicationGroupCommand({
      ReplicationGroupId,
      ApplyImmediately: true,
      TransitEncryptionEnabled: to !== 'none',
      ...(to !== 'none' && { TransitEncryptionMode: to }),
    }),
  );
