// What happened in a rotation, in the order in which it happened: what the CLI tells line by line.
import type { Rotation, RotationState } from '../../api/own';
import { brownoutFound } from './progress';

export type Happening =
  | 'begun'
  | 'tlsOffered'
  | 'tlsRequired'
  | 'rotated'
  | 'delivered'
  | 'brownoutFound'
  | 'brownoutPassed'
  | 'set'
  | 'finishRequested'
  | 'cancelRequested'
  | 'rollBackRequested'
  | RotationState;

export interface Moment {
  what: Happening;
  at?: Date; // wishes have no time of their own
}

/** States that the times do not tell of. */
const told: RotationState[] = [
  'offering-tls',
  'requiring-tls',
  'rotating',
  'brownout',
  'setting',
  'rolling-back',
  'cancelling',
  'done',
  'rolled-back',
  'cancelled',
  'failed',
];

export function timelineOf(r: Rotation): Moment[] {
  const moments: Moment[] = [{ what: 'begun', at: r.StartedAt }];
  const add = (what: Happening, at: Date | undefined, when = true) => {
    if (at && when) moments.push({ what, at });
  };
  add('tlsOffered', r.TlsOfferedAt, r.Secure);
  add('tlsRequired', r.TlsRequiredAt, r.Secure);
  add('rotated', r.RotatedAt, !r.FinishOnly);
  add('delivered', r.DeliveredAt, !r.FinishOnly);
  add(brownoutFound(r) ? 'brownoutFound' : 'brownoutPassed', r.BrownoutAt);
  add('set', r.SetAt);
  const since = r.Over ? r.EndedAt : r.StateSince;
  for (const what of ['finishRequested', 'cancelRequested', 'rollBackRequested'] as const) {
    const wish = {
      finishRequested: r.FinishRequested,
      cancelRequested: r.CancelRequested,
      rollBackRequested: r.RollBackRequested,
    };
    if (wish[what] && !r.Over) moments.push({ what });
  }
  add(r.State, since, told.includes(r.State));
  return moments;
}
