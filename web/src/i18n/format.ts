/** How a language writes what is no sentence. */
export interface Formats {
  dateTime(at: Date | undefined): string;
  time(at: Date): string;
  /** "3 minutes ago"; now is for tests. */
  ago(at: Date | undefined, now?: Date): string;
  number(n: number | undefined): string;
  percent(n: number | undefined): string; // of 100
  bytes(n: number | undefined): string;
  /** "1 day 23 hours": in two units at most. What is left out makes it shorter than it is, never longer. */
  duration(seconds: number): string;
}

export const nothing = '–';

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

export function formatsOf(language: string): Formats {
  const dateTime = once(() => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }));
  const time = once(() => new Intl.DateTimeFormat(language, { timeStyle: 'medium' }));
  const relative = once(() => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));
  const number = once(() => new Intl.NumberFormat(language, { maximumFractionDigits: 2 }));
  const known = (n: number | undefined): n is number => n !== undefined && Number.isFinite(n);
  return {
    dateTime: (at) => (at ? dateTime().format(at) : nothing),
    time: (at) => time().format(at),
    ago: (at, now = new Date()) => {
      if (!at) return nothing;
      const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
      const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
      return relative().format(Math.trunc(seconds / size), unit);
    },
    number: (n) => (!known(n) ? nothing : isPlain(n) ? String(n) : number().format(n)),
    percent: (n) => (known(n) ? `${number().format(n)}%` : nothing),
    bytes: (n) => (known(n) ? bytes(n, number()) : nothing),
    duration: (seconds) => duration(seconds, language),
  };
}

/** Whether every language here writes it alike. */
const isPlain = (n: number) => Number.isInteger(n) && n >= 0 && n < 1000;

/** Browsers take 10 ms and more to make a format, which the first page has no time for. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function duration(seconds: number, language: string): string {
  const exact = Math.round(seconds * 1000) / 1000; // 4.1 hours are not quite 14760 seconds to a computer
  const say = (n: number, unit: string, maximumFractionDigits = 0) =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit,
      unitDisplay: 'long',
      maximumFractionDigits,
      roundingMode: 'trunc',
    }).format(n);
  const i = units.findIndex(([, size]) => size > 1 && exact >= size);
  const [larger, smaller] = [units[i], units[i + 1]];
  if (!larger || !smaller) return say(exact, 'second', exact < 1 ? 3 : 1);
  const parts = [say(exact / larger[1], larger[0])];
  const rest = Math.trunc((exact % larger[1]) / smaller[1]);
  if (rest > 0) parts.push(say(rest, smaller[0]));
  return parts.join(' ');
}

function bytes(n: number, format: Intl.NumberFormat): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = n;
  let i = 0;
  for (; Math.abs(size) >= 1024 && i < names.length - 1; i++) size /= 1024;
  return `${format.format(Math.round(size * 10) / 10)} ${names[i]}`;
}
