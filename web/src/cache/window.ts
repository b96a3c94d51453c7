// Weekly maintenance windows in the service's form, ddd:hh24:mi-ddd:hh24:mi, in UTC.

export interface Window {
  day: number; // 0 is Sunday
  start: number; // minutes after midnight
  length: number; // minutes
}

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const minutesPerDay = 24 * 60;
const minutesPerWeek = 7 * minutesPerDay;
const form = /^([a-z]{3}):(\d\d):(\d\d)-([a-z]{3}):(\d\d):(\d\d)$/;

/** Undefined if the text is not a window. */
export function parseWindow(text: string): Window | undefined {
  const [, startDay, startHour, startMinute, endDay, endHour, endMinute] = form.exec(text) ?? [];
  const day = days.indexOf(startDay ?? '');
  const lastDay = days.indexOf(endDay ?? '');
  if (day < 0 || lastDay < 0) return undefined;
  const start = Number(startHour) * 60 + Number(startMinute);
  const end = lastDay * minutesPerDay + Number(endHour) * 60 + Number(endMinute);
  return { day, start, length: (end - day * minutesPerDay - start + minutesPerWeek) % minutesPerWeek };
}

export function formatWindow({ day, start, length }: Window): string {
  const moment = (minute: number) => `${days[Math.floor(minute / minutesPerDay) % 7]}:${clock(minute)}`;
  const from = day * minutesPerDay + start;
  return `${moment(from)}-${moment(from + length)}`;
}

/** The time of day, as 23:00. */
export function clock(minute: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const ofDay = minute % minutesPerDay;
  return `${two(Math.floor(ofDay / 60))}:${two(ofDay % 60)}`;
}

/** Sunday to Saturday in a language. */
export function dayNames(language: string): string[] {
  const format = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  return days.map((_, day) => format.format(Date.UTC(2023, 0, 1 + day))); // the first was a Sunday
}

/** A window as people say it; any other text stays as it is. */
export function sayWindow(text: string, language: string): string {
  const window = parseWindow(text);
  if (!window) return text;
  const names = dayNames(language);
  const end = window.start + window.length;
  const lastDay = (window.day + Math.floor(end / minutesPerDay)) % 7;
  const until = lastDay === window.day && window.length < minutesPerDay ? '' : `${names[lastDay]} `;
  return `${names[window.day]} ${clock(window.start)} – ${until}${clock(end)} UTC`;
}
