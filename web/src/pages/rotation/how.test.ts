import { expect, it } from 'vitest';
import type { RotationSchedule } from '../../api/own';
import { noDelivery } from './delivery';
import { defaults, howOf, leaked, mistakes, requestOf, scheduledOf } from './how';

const how = { ...defaults, delivery: { ...noDelivery, path: '/run/token' } };

it('asks with the defaults of the service', () => {
  expect(requestOf(how, false)).toEqual({
    Delivery: 'file:/run/token',
    FinishOnly: undefined,
    Finish: 'quiet=10m',
    Brownout: '0s',
    EvictOver: '0s',
    Grace: '10m',
    RollBackOver: 0,
  });
});

it('delivers nothing where it only finishes', () => {
  expect(requestOf(how, true)).toMatchObject({ Delivery: undefined, FinishOnly: true });
  expect(mistakes(defaults, true)).toEqual([]);
  expect(mistakes(defaults, false)).toEqual(['delivery']);
});

it('secures a group, and never by schedule', () => {
  expect(requestOf(how, false, true)).toMatchObject({ Delivery: 'file:/run/token', Secure: true });
  expect(requestOf(how, false)).not.toHaveProperty('Secure');
  expect(scheduledOf(how)).not.toHaveProperty('Secure');
});

it('writes all rules', () => {
  expect(requestOf({ ...how, finish: 'both' }, false).Finish).toBe('quiet=10m,deadline=24h');
  expect(requestOf({ ...how, finish: 'ask' }, false).Finish).toBe('ask');
  expect(requestOf({ ...how, rollBack: 'over', over: '7' }, false).RollBackOver).toBe(7);
  const request = requestOf({ ...how, ...leaked }, false);
  expect(request).toMatchObject({ Finish: 'deadline=5m', EvictOver: '60s', RollBackOver: -1 });
});

it('finds what cannot be sent', () => {
  expect(mistakes({ ...how, quiet: 'soon' }, false)).toEqual(['quiet']);
  expect(mistakes({ ...how, finish: 'ask', quiet: 'soon' }, false)).toEqual([]);
  expect(mistakes({ ...how, rollBack: 'over', over: '0' }, false)).toEqual(['over']);
});

it('shows a schedule as it is', () => {
  const schedule = {
    Delivery: 'file:/run/token',
    Finish: 'quiet=10m,deadline=24h',
    Brownout: '5s',
    EvictOver: '1m0s',
    Grace: '20m0s',
    RollBackOver: -1,
  } as RotationSchedule;
  expect(requestOf(howOf(schedule), false)).toMatchObject({ ...schedule });
});
