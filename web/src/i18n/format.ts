/** How a language writes what is no sentence. */
export interface Formats {
  dateTime(at: Date | undefined): string;
  time(at: Date): string;
  /** "3 minutes ago"; now is for tests. */
  ago(at: Date | undefined, now?: Date): string;
  number(n: number | undefined): string;
  percent(n: number | undefined): string; // of 100
  bytes(n: number | undefined): string;
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
    duration: (seconds) => {
      const [unit, size] = units.find(([, size]) => seconds >= size) ?? ['second', 1];
      return new Intl.NumberFormat(language, {
        style: 'unit',
        unit,
        unitDisplay: 'long',
        maximumFractionDigits: 1,
      }).format(seconds / size);
    },
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

function bytes(n: number, format: Intl.NumberFormat): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = n;
  let i = 0;
  for (; Math.abs(size) >= 1024 && i < names.length - 1; i++) size /= 1024;
  return `${format.format(Math.round(size * 10) / 10)} ${names[i]}`;
}
