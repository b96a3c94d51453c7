import { parseWindow } from './window';

const minute = 60_000;
const week = 7 * 24 * 60 * minute;

/** A weekly maintenance window as it comes next; times. */
export interface NextWindow {
  from: Date;
  to: Date;
}

/** The first window that is not over; undefined if the text is not a window. */
export function nextWindow(written: string | undefined, now: Date): NextWindow | undefined {
  const window = parseWindow(written ?? '');
  if (!window) return undefined;
  const sunday = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - now.getUTCDay());
  let from = sunday + (window.day * 24 * 60 + window.start) * minute - week; // that of last week may be open still
  while (from + window.length * minute <= now.getTime()) from += week;
  return { from: new Date(from), to: new Date(from + window.length * minute) };
}

/** A window in words: the days and times of a time zone, the browser's if none is given. */
export function windowWords({ from, to }: NextWindow, language: string, timeZone?: string): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...options, ...(timeZone && { timeZone }) });
  const day = format({ weekday: 'long' });
  const time = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const zone = format({ timeZoneName: 'short' })
    .formatToParts(to)
    .find(({ type }) => type === 'timeZoneName');
  const words = (at: Date) => `${day.format(at)} ${time.format(at)}`;
  return `${words(from)} – ${words(to)} ${zone?.value ?? ''}`.trim();
}
