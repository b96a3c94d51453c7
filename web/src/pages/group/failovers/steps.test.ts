import { expect, test } from 'vitest';
import type { Failover } from '../../../api/own';
import { barOf, timelineOf } from './steps';

const receipt = (microseconds: Partial<Failover>) => microseconds as Failover;

test('steps are in the order in which they came to pass, with what each took', () => {
  const steps = timelineOf(
    receipt({
      FencedMicroseconds: 2500,
      ElectedMicroseconds: 3000,
      PromotedMicroseconds: 9000,
      EndpointMovedMicroseconds: 8000, // before the promotion
      WriteAcceptedMicroseconds: 9500,
    }),
  );
  expect(steps).toEqual([
    { step: 'Fenced', at: 2.5, took: 2.5 },
    { step: 'Elected', at: 3, took: 0.5 },
    { step: 'EndpointMoved', at: 8, took: 5 },
    { step: 'Promoted', at: 9, took: 1 },
    { step: 'WriteAccepted', at: 9.5, took: 0.5 },
  ]);
});

test('a step that has not come is left out, one at the very beginning is not', () => {
  expect(timelineOf(receipt({ PausedMicroseconds: 0 }))).toEqual([{ step: 'Paused', at: 0, took: 0 }]);
  expect(timelineOf(receipt({}))).toEqual([]);
});

test('bars follow each other and fill the whole', () => {
  const steps = timelineOf(
    receipt({ PausedMicroseconds: 1000, FencedMicroseconds: 3000, RecoveredMicroseconds: 4000 }),
  );
  expect(steps.map((step) => barOf(step, steps))).toEqual([
    { start: 0, length: 25 },
    { start: 25, length: 50 },
    { start: 75, length: 25 },
  ]);
  const [only] = timelineOf(receipt({ PausedMicroseconds: 0 }));
  expect(only && barOf(only, [only])).toEqual({ start: 0, length: 0 });
});
