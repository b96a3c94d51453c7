// How far a guided rotation is, what it waits for and what may be done about it: out of what
// the service tells, and a time. See the diagram in internal/cache/rotation/doc.go.
import type { CredentialUsage, Rotation, RotationState, TransitUsage, Usage } from '../../api/own';
import { finishRule, secondsOf } from '../../cache/durations';
import { ofStep } from '../../cache/offers';

export type StepName =
  | 'offering-tls'
  | 'awaiting-tls'
  | 'requiring-tls'
  | 'pending'
  | 'rotating'
  | 'delivering'
  | 'waiting'
  | 'brownout'
  | 'setting'
  | 'watching'
  | 'done'
  | 'rolling-back'
  | 'rolled-back'
  | 'cancelling'
  | 'cancelled'
  | 'failed';

/** found: a brownout that was taken back. left: where a rotation was that ended otherwise. */
export type StepStanding = 'passed' | 'current' | 'ahead' | 'skipped' | 'found' | 'left';

export interface Step {
  name: StepName;
  standing: StepStanding;
  at?: Date; // it was over, or entered
}

const toTls: StepName[] = ['offering-tls', 'awaiting-tls', 'requiring-tls'];
const ofToken: StepName[] = ['pending', 'rotating', 'delivering', 'waiting', 'brownout', 'setting', 'watching', 'done'];
const forward = [...toTls, ...ofToken];

/** The ways aside, and where they end. */
const aside: Partial<Record<RotationState, StepName[]>> = {
  'rolling-back': ['rolling-back', 'rolled-back'],
  'rolled-back': ['rolling-back', 'rolled-back'],
  cancelling: ['cancelling', 'cancelled'],
  cancelled: ['cancelled'],
  failed: ['failed'],
};

/** The steps in their order, those that a rotation does not have left out. */
export function stepsOf(r: Rotation): Step[] {
  const last = lastForward(r);
  const off = aside[r.State];
  const steps = forward
    .filter((name) => has(r, name) && !(off && name === 'done'))
    .map((name): Step => ({ name, standing: standingOf(r, name, last, Boolean(off)), at: passedAt(r, name) }));
  const ends = (off ?? []).map((name, i, all): Step => {
    const isLast = i === all.length - 1;
    if (!r.Over && name === r.State) return { name, standing: 'current', at: r.StateSince };
    if (!r.Over) return { name, standing: 'ahead' };
    return { name, standing: isLast ? 'current' : 'passed', at: isLast ? r.EndedAt : undefined };
  });
  return [...steps, ...ends];
}

function has(r: Rotation, name: StepName): boolean {
  if (toTls.includes(name)) return r.Secure;
  if (name === 'brownout') return Boolean(secondsOf(r.Brownout));
  return !r.FinishOnly || !['pending', 'rotating', 'delivering'].includes(name);
}

/** Whether the brownout found nobody: it became the end then. */
const brownoutPassed = (r: Rotation) => Boolean(r.SetAt && r.BrownoutAt && +r.SetAt === +r.BrownoutAt);
export const brownoutFound = (r: Rotation) => Boolean(r.BrownoutAt) && !brownoutPassed(r);

/** Whether a rotation is, or ended, in its first part, after which its group requires TLS. */
export const isSecuring = (r: Rotation): boolean => r.Secure && !r.TlsRequiredAt;

/**
 * How far it came before it went aside. Setting leaves no time, nor does a brownout that was cancelled, nor an end of
 * plaintext that was.
 */
function lastForward(r: Rotation): StepName {
  if (!aside[r.State]) return r.State as StepName;
  if (r.SetAt) return 'watching';
  if (r.State === 'rolling-back' || r.State === 'rolled-back') return 'setting';
  if (r.DeliveredAt) return r.State === 'cancelling' ? 'brownout' : 'waiting';
  if (r.RotatedAt) return 'delivering';
  if (r.NewCredential) return 'rotating';
  if (!isSecuring(r)) return 'pending';
  if (!r.TlsOfferedAt) return 'offering-tls';
  return r.State === 'cancelling' ? 'requiring-tls' : 'awaiting-tls';
}

function standingOf(r: Rotation, name: StepName, last: StepName, off: boolean): StepStanding {
  const at = forward.indexOf(name);
  const reached = forward.indexOf(last);
  if (name === last) return off ? 'left' : 'current';
  if (name === 'brownout' && brownoutFound(r)) return 'found';
  if (at > reached) return off ? 'skipped' : 'ahead';
  if (name === 'brownout' && !brownoutPassed(r)) return 'skipped'; // it was let go because of an earlier one
  return 'passed';
}

function passedAt(r: Rotation, name: StepName): Date | undefined {
  const times: Partial<Record<StepName, Date>> = {
    'offering-tls': r.TlsOfferedAt,
    'requiring-tls': r.TlsRequiredAt,
    rotating: r.RotatedAt,
    delivering: r.DeliveredAt,
    brownout: r.BrownoutAt,
    setting: r.SetAt,
    done: r.State === 'done' ? r.EndedAt : undefined,
  };
  return times[name];
}

/** What the service takes in the state that a rotation has, unless it was asked for already. */
export function actionsOf(r: Rotation): { finish: boolean; cancel: boolean; rollBack: boolean } {
  return {
    finish: !ofStep('finish', r.State) && !r.FinishRequested,
    cancel: !ofStep('cancel', r.State) && !r.CancelRequested,
    rollBack: !ofStep('rollBack', r.State) && !r.RollBackRequested,
  };
}

export const usageOf = (usage: Usage | undefined, credential: string): CredentialUsage | undefined =>
  usage?.Credentials.find((c) => credential !== '' && c.Fingerprint === credential);

/** What the nodes told, of credentials or of plaintext. Those that an earlier release has started cannot tell the latter. */
export type Told = Pick<Usage, 'AsOf' | 'Complete' | 'MissingNodes'> & Partial<Pick<TransitUsage, 'GatelessNodes'>>;

/** The nodes that a usage says nothing of, which makes its figures lower bounds; empty: they are all there is. */
export function missingFrom(told: Told | undefined): string {
  if (!told || told.Complete) return '';
  return [...told.MissingNodes.map((node) => node.CacheClusterId), ...(told.GatelessNodes ?? [])].join(', ');
}

/** Logins with the old credential that were refused since it was ended on purpose. */
export function refusedSoFar(r: Rotation, usage: Usage | undefined): number {
  const old = usageOf(usage, r.OldCredential);
  const counts = r.State === 'brownout' || r.State === 'setting' || r.State === 'watching';
  return Math.max(r.RefusedLogins, counts && old ? old.Refused - r.RefusedBefore : 0);
}

/** What ends a state that takes long; seconds may be 0, when it is due. */
export type Wait =
  | { for: 'quiet'; connections: number; rule: number; seconds?: number } // seconds: unless connections hold it up
  | { for: 'deadline' | 'brownout' | 'evict' | 'grace'; seconds: number }
  | { for: 'owner' | 'nodes' | 'now' }; // nodes: one could not be asked, and nothing ends meanwhile

/** What is being waited for; now is the service's time. */
export function waitsOf(r: Rotation, usage: Usage | undefined, now: Date, transit?: TransitUsage): Wait[] {
  if (r.State === 'awaiting-tls') return waiting(r, transit, transit?.Plaintext, [r.StateSince], now);
  if (r.State === 'waiting') {
    const old = usageOf(usage, r.OldCredential);
    return waiting(r, usage, old, [r.DeliveredAt, r.BrownoutAt], now); // a brownout that found somebody begins it anew
  }
  if (r.State === 'brownout') return [{ for: 'brownout', seconds: left(r.StateSince, secondsOf(r.Brownout), now) }];
  if (r.State !== 'watching') return [];
  const evict = secondsOf(r.EvictOver) ?? 0;
  const grace = Math.max(secondsOf(r.Grace) ?? 0, evict); // it watches for as long as it evicts, at least
  const waits: Wait[] = [{ for: 'grace', seconds: left(r.SetAt, grace, now) }];
  if (evict > 0) waits.push({ for: 'evict', seconds: left(r.SetAt, evict, now) });
  return waits;
}

/** The use of what is to end: the old credential, or plaintext. */
type Use = Pick<CredentialUsage, 'Connections' | 'LastUsed'>;

/** What the owner's rule leaves to wait for. Its deadline counts from the first of some moments, its quiet time from the last. */
function waiting(r: Rotation, told: Told | undefined, use: Use | undefined, from: Moments, now: Date): Wait[] {
  const rule = finishRule(r.Finish);
  const waits: Wait[] = [];
  if (r.FinishRequested) waits.push({ for: 'now' });
  else if (rule.ask) waits.push({ for: 'owner' });
  if (told && !told.Complete) waits.push({ for: 'nodes' });
  else if (told && rule.quiet !== undefined) waits.push(quiet(use, rule.quiet, from, now));
  if (rule.deadline !== undefined) waits.push({ for: 'deadline', seconds: left(from[0], rule.deadline, now) });
  return waits;
}

type Moments = (Date | undefined)[];

/** The rule goes by the last use. */
function quiet(use: Use | undefined, rule: number, from: Moments, now: Date): Wait {
  const connections = use?.Connections ?? 0;
  if (connections > 0) return { for: 'quiet', connections, rule };
  const last = [...from, use?.LastUsed].filter((t) => t !== undefined);
  return { for: 'quiet', connections, rule, seconds: left(new Date(Math.max(...last.map(Number))), rule, now) };
}

const left = (from: Date | undefined, seconds = 0, now: Date) =>
  from ? Math.min(seconds, Math.max(0, seconds - (+now - +from) / 1000)) : seconds;
