import { expect, it } from 'vitest';
import type { Rotation } from '../../api/own';
import { later, rotation } from './testing';
import { timelineOf } from './timeline';

const told = (r: Rotation) => timelineOf(r).map(({ what }) => what);

it('tells what happened in order', () => {
  expect(told(rotation('done'))).toEqual(['begun', 'rotated', 'delivered', 'set', 'done']);
  expect(told(rotation('pending'))).toEqual(['begun']);
  expect(told(rotation('rotating'))).toEqual(['begun', 'rotating']);
  expect(told(rotation('watching', { FinishOnly: true }))).toEqual(['begun', 'set']);
});

it('tells how a group came to require TLS', () => {
  expect(told(rotation('offering-tls'))).toEqual(['begun', 'offering-tls']);
  expect(told(rotation('awaiting-tls'))).toEqual(['begun', 'tlsOffered']);
  expect(told(rotation('requiring-tls'))).toEqual(['begun', 'tlsOffered', 'requiring-tls']);
  const secured = { Secure: true, TlsOfferedAt: later(1), TlsRequiredAt: later(2) };
  expect(told(rotation('rotating', secured))).toEqual(['begun', 'tlsOffered', 'tlsRequired', 'rotating']);
});

it('tells brownouts that found clients from those that did not', () => {
  expect(told(rotation('waiting', { BrownoutAt: later(9) }))).toContain('brownoutFound');
  expect(told(rotation('watching', { BrownoutAt: later(20) }))).toContain('brownoutPassed');
});

it('tells wishes while they are open', () => {
  expect(told(rotation('watching', { RollBackRequested: true }))).toContain('rollBackRequested');
  expect(told(rotation('rolled-back', { RollBackRequested: true }))).not.toContain('rollBackRequested');
});
