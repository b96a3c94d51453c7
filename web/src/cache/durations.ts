// Durations as the service writes and reads them: 30s, 10m0s, 1h30m, 250ms. All numbers here are seconds.

const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };
const part = /(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g;

/** Seconds; undefined if the text is not a duration. */
export function secondsOf(duration: string): number | undefined {
  const trimmed = duration.trim();
  if (trimmed === '0') return 0;
  if (!trimmed || trimmed.replace(part, '')) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of trimmed.matchAll(part)) seconds += Number(amount) * (units[unit ?? ''] ?? 0);
  return seconds;
}

/** When the old credential ends: what comes first. */
export interface FinishRule {
  ask: boolean;
  quiet?: number; // unused for so long
  deadline?: number; // so long after the delivery, used or not
}

/** Reads what the service calls Finish, like "quiet=10m,deadline=24h" or "ask". */
export function finishRule(finish: string): FinishRule {
  const rule: FinishRule = { ask: false };
  for (const word of finish.split(',')) {
    const [name, value = ''] = word.trim().split('=');
    if (name === 'ask') rule.ask = true;
    if (name === 'quiet') rule.quiet = secondsOf(value);
    if (name === 'deadline') rule.deadline = secondsOf(value);
  }
  return rule;
}

/** What a clock shows that runs down: 9:41, 1:02:03; days apart. */
export function countdown(seconds: number): { days: number; clock: string } {
  const left = Math.max(0, Math.ceil(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const days = Math.floor(left / 86_400);
  const hours = Math.floor((left % 86_400) / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  const tail = two(left % 60);
  if (days > 0 || hours > 0) return { days, clock: `${days > 0 ? two(hours) : hours}:${two(minutes)}:${tail}` };
  return { days, clock: `${minutes}:${tail}` };
}
