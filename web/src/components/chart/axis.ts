// How far the value axis goes and how it is written.
import type { Formats } from '../../i18n/format';

export type Unit = 'count' | 'perSecond' | 'bytes' | 'percent' | 'seconds';

export interface Axis {
  /** What values are divided by, so that ticks are at round numbers of what is written. */
  divisor: number;
  /** The end of the axis, divided. */
  top: number;
  /** Writes a divided value. */
  write(n: number): string;
}

/** What an axis shows at least, so that small noise does not fill it. Counts are whole up to four ticks. */
const least: Record<Unit, number> = { count: 4, perSecond: 1, bytes: 1024, percent: 10, seconds: 4 };

/** The axis for values up to max. It goes in few steps: it is not to move with each sample. */
export function axisOf(max: number, unit: Unit, formats: Formats): Axis {
  const end = Math.max(max, least[unit]);
  const divisor = unit === 'bytes' ? 1024 ** Math.floor(Math.log(end) / Math.log(1024)) : 1;
  const top = Math.max(roundUp(end / divisor), unit === 'bytes' ? 2 : 0); // a fifth of 1 KiB is no round number
  return { divisor, top, write: (n) => written(n * divisor, unit, formats) };
}

const steps = [1, 2, 4, 6, 8, 10];

/** The next of 1, 2, 4, 6, 8, 10, 20, … */
export function roundUp(n: number): number {
  const power = 10 ** Math.floor(Math.log10(n));
  return (steps.find((step) => step * power >= n) ?? 10) * power;
}

function written(n: number, unit: Unit, formats: Formats): string {
  switch (unit) {
    case 'bytes':
      return formats.bytes(n);
    case 'percent':
      return formats.percent(n);
    case 'seconds':
      return n === 0 ? formats.number(0) : `${formats.number(n)} s`;
    default:
      return formats.number(n);
  }
}
