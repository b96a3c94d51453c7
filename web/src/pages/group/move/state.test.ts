import { expect, it } from 'vitest';
import { clientsAt, closedPlan, endingsOf, hiddenPlan, otherPlans, stageOf } from './state';
import { client, moving, openMove, resting } from './testing';

it('offers the plans that the cache does not have', () => {
  expect(otherPlans('host')).toEqual(['loopback', 'pool']);
});

it.each([
  ['opening', openMove({ State: 'opening' }), 'host', 'opening'],
  ['open', openMove(), 'loopback', 'open'],
  ['closing', openMove({ State: 'closing' }), 'loopback', 'closing'],
  ['cancelled', openMove({ State: 'closing', Back: true }), 'host', 'back'],
])('knows which addresses are not shown: %s', (_, move, plan, stage) => {
  expect(hiddenPlan(move)).toBe(plan);
  expect(stageOf(move)).toBe(stage);
});

it('closes the old addresses at the end, and the new ones when it is cancelled', () => {
  expect(closedPlan(openMove(), 'finish')).toBe('loopback');
  expect(closedPlan(openMove(), 'cancel')).toBe('host');
});

it.each([
  ['opening', moving({ Status: 'modifying', Move: openMove({ State: 'opening' }) }), false, true],
  ['open', moving(), true, true],
  ['busy', moving({ Status: 'modifying' }), false, false],
  ['closing', moving({ Status: 'modifying', Move: openMove({ State: 'closing' }) }), false, false],
  ['at rest', resting(), false, false],
])('knows what ends it: %s', (_, now, finish, cancel) => {
  expect(endingsOf(now)).toEqual({ finish, cancel });
});

it('tells clients apart by where they are, also within one plan', () => {
  const [old, late] = [client('192.0.2.1'), client('192.0.2.2', { Shown: true })];
  const now = moving({ Move: openMove({ FromPlan: 'host' }), Clients: [old, late] });
  expect(clientsAt(now, false)).toEqual([old]);
  expect(clientsAt(now, true)).toEqual([late]);
});
