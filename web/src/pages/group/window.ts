const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const form = /^([a-z]{3}):(\d\d):(\d\d)-([a-z]{3}):(\d\d):(\d\d)$/;

const minute = 60_000;
const week = 7 * 24 * 60 * minute;

/** A weekly maintenance window as it is next; times. */
export interface Window {
  from: Date;
  to: Date;
}

/** The first window that is not over; undefined where it is not written as the service does (sun:23:00-mon:00:00, UTC). */
export function nextWindow(written: string | undefined, now: Date): Window | undefined {
  const found = form.exec(written?.toLowerCase() ?? '');
  if (!found) return undefined;
  const [, fromDay = '', fromHour, fromMinute, toDay = '', toHour, toMinute] = found;
  const sunday = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - now.getUTCDay());
  const at = (day: string, hour: string | undefined, minutes: string | undefined) =>
    sunday + ((days.indexOf(day) * 24 + Number(hour)) * 60 + Number(minutes)) * minute;
  let from = at(fromDay, fromHour, fromMinute);
  let to = at(toDay, toHour, toMinute);
  if (to <= from) from -= week; // over the end of the week
  while (to <= now.getTime()) {
    from += week;
    to += week;
  }
  return { from: new Date(from), to: new Date(to) };
}

/** A window in words: the days and times of a time zone, the browser's if none is given. */
export function windowWords({ from, to }: Window, language: string, timeZone?: string): string {
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
