import type { Failover } from '../../../api/own';

/** What happened, in the service's words: the names of the receipt's fields. */
export const failoverSteps = [
  'Paused',
  'Fenced',
  'Elected',
  'Promoted',
  'EndpointMoved',
  'WriteAccepted',
  'Recovered',
] as const;
export type FailoverStep = (typeof failoverSteps)[number];

/** One step of the way from the failure to the next write; milliseconds. */
export interface TimelineStep {
  step: FailoverStep;
  at: number; // since the failure was seen, or the failover was asked for
  took: number; // since the step before
}

/** The steps that came to pass, in the order in which they did: an endpoint may move before or after the promotion. */
export function timelineOf(failover: Failover): TimelineStep[] {
  const passed = failoverSteps.flatMap((step) => {
    const microseconds = failover[`${step}Microseconds`];
    return microseconds === undefined ? [] : [{ step, at: microseconds / 1000 }];
  });
  passed.sort((a, b) => a.at - b.at); // stable: those of the same moment stay as they are listed
  return passed.map(({ step, at }, i) => ({ step, at, took: at - (passed[i - 1]?.at ?? 0) }));
}

/** Where a step's bar begins, and how long it is, in percent of the whole. */
export function barOf(step: TimelineStep, steps: TimelineStep[]): { start: number; length: number } {
  const whole = steps.at(-1)?.at || 1;
  return { start: ((step.at - step.took) / whole) * 100, length: (step.took / whole) * 100 };
}
