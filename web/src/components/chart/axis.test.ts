import { expect, it } from 'vitest';
import { formatsOf } from '../../i18n/format';
import { axisOf, roundUp } from './axis';

const formats = formatsOf('en');

it('goes in few steps', () => {
  expect([0.3, 1, 1.2, 3, 7, 9, 11, 100, 101].map(roundUp)).toEqual([0.4, 1, 2, 4, 8, 10, 20, 100, 200]);
});

it('ends above all values, and not at nothing', () => {
  expect(axisOf(0, 'count', formats).top).toBe(4);
  expect(axisOf(37, 'count', formats).top).toBe(40);
});

it('has bytes at round numbers of what is written', () => {
  const axis = axisOf(1.3 * 1024 ** 2, 'bytes', formats);
  expect([axis.divisor, axis.top]).toEqual([1024 ** 2, 2]);
  expect([0.5, 2].map(axis.write)).toEqual(['512 KiB', '2 MiB']);
});
