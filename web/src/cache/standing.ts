// What the owner of a group should know or do now. The list, the page of the group and that of its
// rotation show it; as all of them ask here, they say the same.
import type { Access, Rotation, RotationSchedule, StatusReason } from '../api/own';
import { unknownOf } from './security';

export type Concern =
  | { kind: 'reason'; reasons: StatusReason[] } // something is wrong
  | { kind: 'exposed'; reasons: StatusReason[] } // to clients on other machines, without what should protect it
  | { kind: 'security'; unknown: string[] } // everybody may connect, because of security groups that are not known here
  | { kind: 'failover'; failover: NonNullable<Access['Failover']> }
  | { kind: 'rotation'; rotation: Rotation } // under way
  | { kind: 'ended'; rotation: Rotation } // not as it was meant to: see unfinished
  | { kind: 'passwordless' } // clients without a token get in although there is one
  | { kind: 'openUser'; user: string; users: string } // of a user group, whom everybody can log in as
  | { kind: 'schedule'; schedule: RotationSchedule }; // its last date came to nothing

export function concernsOf(access: Access): Concern[] {
  const { StatusReasons: reasons, ExposureReasons: exposure, Failover: failover } = access;
  const { Rotation: rotation, RotationSchedule: schedule } = access;
  const unknown = unknownOf(access);
  const ended = unfinished(access);
  const concerns: (Concern | false)[] = [
    reasons.length > 0 && { kind: 'reason', reasons },
    exposure.length > 0 && { kind: 'exposed', reasons: exposure },
    unknown.length > 0 && { kind: 'security', unknown },
    failover !== undefined && { kind: 'failover', failover },
    rotation !== undefined && { kind: 'rotation', rotation },
    ended !== undefined && { kind: 'ended', rotation: ended },
    passwordless(access) === 'open' && { kind: 'passwordless' },
    Boolean(access.OpenUser) && { kind: 'openUser', user: access.OpenUser, users: access.UserGroup },
    Boolean(schedule?.Failed) && schedule !== undefined && { kind: 'schedule', schedule },
  ];
  return concerns.filter((concern) => concern !== false);
}

/**
 * The last rotation, if it was rolled back or failed and what it was to end is still accepted: until
 * that is ended, or another rotation is under way, it is its owner's turn.
 */
export function unfinished({ Rotation: underWay, LastRotation: last, Credentials }: Access): Rotation | undefined {
  if (underWay || !last || (last.State !== 'rolled-back' && last.State !== 'failed')) return undefined;
  return Credentials.some((c) => c.Fingerprint === last.OldCredential) ? last : undefined;
}

/** Whether clients without a token get in although there is one; ends: a rotation is on its way to end that. */
export function passwordless({ PasswordlessOpen, Rotation: r }: Access): 'closed' | 'open' | 'ends' {
  if (!PasswordlessOpen) return 'closed';
  const back = r?.State === 'rolling-back' || r?.State === 'cancelling';
  return r?.OldCredential === 'NONE' && !back ? 'ends' : 'open';
}
