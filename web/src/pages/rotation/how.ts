// The form in which a rotation is asked for, once or on a schedule. What is right, the service says.
import type { RotationRequest, RotationSchedule, ScheduledRequest } from '../../api/own';
import { finishRule, secondsOf } from '../../cache/durations';
import { type Delivery, deliveryOf, isComplete, noDelivery, targetOf } from './delivery';

export type Finish = 'quiet' | 'deadline' | 'both' | 'ask';

/** Durations are what a person writes: 30s, 10m, 24h. */
export interface How {
  delivery: Delivery;
  finish: Finish;
  quiet: string;
  deadline: string;
  brownout: string;
  evictOver: string;
  grace: string;
  rollBack: 'first' | 'over' | 'never';
  over: string; // so many refused logins are borne
}

/** The service's own defaults. */
export const defaults: How = {
  delivery: noDelivery,
  finish: 'quiet',
  quiet: '10m',
  deadline: '24h',
  brownout: '0s',
  evictOver: '0s',
  grace: '10m',
  rollBack: 'first',
  over: '3',
};

/** For a token that leaked: an early end, no open doors, and no way back for a thief; see docs/rotation.md. */
export const leaked: Partial<How> = {
  finish: 'deadline',
  deadline: '5m',
  brownout: '0s',
  evictOver: '60s',
  grace: '10m',
  rollBack: 'never',
};

type DurationField = 'quiet' | 'deadline' | 'brownout' | 'evictOver' | 'grace';
export type Field = DurationField | 'delivery' | 'over';

/** The fields that are not filled in so that they can be sent. */
export function mistakes(how: How, finishOnly: boolean): Field[] {
  const durations: DurationField[] = ['brownout', 'evictOver', 'grace'];
  if (how.finish === 'quiet' || how.finish === 'both') durations.push('quiet');
  if (how.finish === 'deadline' || how.finish === 'both') durations.push('deadline');
  const wrong: Field[] = durations.filter((field) => secondsOf(how[field]) === undefined);
  if (!finishOnly && !isComplete(how.delivery)) wrong.push('delivery');
  if (how.rollBack === 'over' && !/^[1-9]\d*$/.test(how.over.trim())) wrong.push('over');
  return wrong;
}

export function finishOf(how: How): string {
  if (how.finish === 'ask') return 'ask';
  const quiet = `quiet=${how.quiet.trim()}`;
  const deadline = `deadline=${how.deadline.trim()}`;
  return { quiet, deadline, both: `${quiet},${deadline}` }[how.finish];
}

export const requestOf = (how: How, finishOnly: boolean, secure = false): RotationRequest => ({
  ...scheduledOf(how),
  ...(finishOnly && { Delivery: undefined, FinishOnly: true }),
  ...(secure && { Secure: true }),
});

/** The same for a schedule. */
export function scheduledOf(how: How): ScheduledRequest {
  return {
    Delivery: targetOf(how.delivery),
    Finish: finishOf(how),
    Brownout: how.brownout.trim(),
    EvictOver: how.evictOver.trim(),
    Grace: how.grace.trim(),
    RollBackOver: { first: 0, over: Number(how.over), never: -1 }[how.rollBack],
  };
}

/** A schedule as the form shows it, to be edited. */
export function howOf(s: RotationSchedule): How {
  const rule = finishRule(s.Finish);
  const raw = Object.fromEntries(s.Finish.split(',').map((word) => word.split('=', 2)));
  return {
    ...defaults,
    delivery: deliveryOf(s.Delivery),
    finish: rule.quiet !== undefined ? (rule.deadline !== undefined ? 'both' : 'quiet') : 'deadline',
    quiet: raw.quiet ?? defaults.quiet,
    deadline: raw.deadline ?? defaults.deadline,
    brownout: s.Brownout,
    evictOver: s.EvictOver,
    grace: s.Grace,
    rollBack: s.RollBackOver < 0 ? 'never' : s.RollBackOver > 0 ? 'over' : 'first',
    over: s.RollBackOver > 0 ? String(s.RollBackOver) : defaults.over,
  };
}
