// How the clients of a group connect: in plaintext, over TLS, or either way (preferred). The way from one end to the
// other goes through the middle, so that clients can change over one by one.
import type { ReplicationGroup } from '@aws-sdk/client-elasticache';

export type Transit = 'none' | 'preferred' | 'required';

type Told = Pick<ReplicationGroup, 'TransitEncryptionEnabled' | 'TransitEncryptionMode'>;

/** What every node has. Encryption without a mode is required: there was nothing else before there were modes. */
export function transitOf({ TransitEncryptionEnabled: on, TransitEncryptionMode: mode }: Told): Transit {
  if (!on) return 'none';
  return mode === 'preferred' ? 'preferred' : 'required';
}

/** The mode that is on its way to the nodes; undefined: none is. */
export function pendingTransitOf({ PendingModifiedValues: pending }: Pick<ReplicationGroup, 'PendingModifiedValues'>) {
  return pending?.TransitEncryptionEnabled === undefined ? undefined : transitOf(pending);
}

/** The modes that are one step away. */
export const nextTransits: Record<Transit, Transit[]> = {
  none: ['preferred'],
  preferred: ['required', 'none'],
  required: ['preferred'],
};
