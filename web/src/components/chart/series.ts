// From samples to what a chart draws. Nodes answer at slightly different times within one round; all that
// is drawn together goes by the time of the round, so that it can be compared and added up.
import type { MetricName, Metrics } from '../../api/own';

/** Of one line; without a value it is a gap. Times are milliseconds. */
export interface Point {
  at: number;
  value: number | undefined;
}

type Node = Metrics['Nodes'][number];

/** Nodes have a second to answer, and rounds are at least two apart. */
const roundSpan = 1500;

/** How long a sample says something: the slow pace is one a minute, which shifts when groups come and go. */
const validFor = 130_000;

/** The time of the round of each sample, node by node. */
export function roundsOf(nodes: Node[]): number[][] {
  const samples = nodes
    .flatMap(({ Timestamps }, node) => Timestamps.map((time) => ({ node, at: time.getTime() })))
    .sort((a, b) => a.at - b.at);
  const rounds: number[][] = nodes.map(() => []);
  const answered = new Set<number>();
  let round = Number.NEGATIVE_INFINITY;
  for (const { node, at } of samples) {
    if (at - round > roundSpan || answered.has(node)) {
      round = at;
      answered.clear();
    }
    answered.add(node);
    rounds[node]?.push(round);
  }
  return rounds;
}

/** A metric of each node that has it. */
export function nodePoints(metrics: Metrics, name: MetricName): { node: string; points: Point[] }[] {
  const rounds = roundsOf(metrics.Nodes);
  return metrics.Nodes.flatMap(({ CacheClusterId: node, Metrics: all }, n) => {
    const series = all.find(({ MetricName, Credential }) => MetricName === name && !Credential);
    if (!series) return [];
    return [{ node, points: series.Values.map((value, i) => ({ at: rounds[n]?.[i] ?? 0, value })) }];
  });
}

/** A metric of each credential, added up over the nodes. A sum of which a part is unknown is a gap. */
export function credentialPoints(metrics: Metrics, name: MetricName): { credential: string; points: Point[] }[] {
  const rounds = roundsOf(metrics.Nodes);
  const times = [...new Set(rounds.flat())].sort((a, b) => a - b);
  const parts = metrics.Nodes.map((node, n) => partOf(node, rounds[n] ?? [], name)).filter(
    (part) => part !== undefined,
  );
  const credentials = [...new Set(parts.flatMap(({ values }) => [...values.keys()]))];
  return credentials.sort(noneFirst).map((credential) => {
    const valuesAt = parts.map((part) => follow(part, credential));
    return { credential, points: times.map((at) => ({ at, value: sum(valuesAt.map((value) => value(at))) })) };
  });
}

export const noneFirst = (a: string, b: string) => Number(b === 'NONE') - Number(a === 'NONE') || (a < b ? -1 : 1);

/** What one node adds to the sums. */
interface Part {
  times: number[];
  values: Map<string, (number | undefined)[]>; // by credential
}

/** Undefined for a node that tells nothing by credential at all: one of an older engine module. */
function partOf(node: Node, times: number[], name: MetricName): Part | undefined {
  const own = node.Metrics.filter(({ MetricName, Credential }) => MetricName === name && Credential);
  return own.length > 0 ? { times, values: new Map(own.map((s) => [s.Credential, s.Values])) } : undefined;
}

const unknown = Symbol('unknown');
const absent = Symbol('absent'); // there was no such node, as far as is known

/** The value of a node at times that only grow. Where it tells of other credentials only, it has none of this one. */
function follow({ times, values }: Part, credential: string): (at: number) => number | typeof unknown | typeof absent {
  let next = 0;
  return (at) => {
    while ((times[next] ?? Number.POSITIVE_INFINITY) <= at) next++;
    const last = next - 1;
    if (at - (times[last] ?? Number.NEGATIVE_INFINITY) > validFor) return absent;
    const value = values.get(credential)?.[last];
    if (value !== undefined) return value;
    return [...values.values()].some((all) => all[last] !== undefined) ? 0 : unknown;
  };
}

function sum(values: (number | typeof unknown | typeof absent)[]): number | undefined {
  const told = values.filter((value) => value !== absent);
  const known = told.filter((value) => value !== unknown);
  return known.length > 0 && known.length === told.length ? known.reduce((a, b) => a + b) : undefined;
}

/** The most points of a line that are drawn; more are no more to see. */
export const pointsMost = 300;

/**
 * What is drawn between two times: the means of equal steps. Steps begin at multiples of their width, so that
 * points stay where they are while time goes on, and those of all lines of a chart are at the same times.
 */
export function downsample(points: Point[], from: number, to: number, most = pointsMost): Point[] {
  const width = Math.max(1, Math.ceil((to - from) / (most - 1)));
  const steps = new Map<number, number[]>();
  for (const { at, value } of points) {
    if (at < from || at > to) continue;
    const step = Math.max(from, Math.floor(at / width) * width);
    const values = steps.get(step) ?? [];
    if (value !== undefined) values.push(value);
    steps.set(step, values);
  }
  return Array.from(steps, ([at, values]) => ({ at, value: mean(values) }));
}

const mean = (values: number[]): number | undefined =>
  values.length > 0 ? values.reduce((a, b) => a + b) / values.length : undefined;

/** A point that has a value. */
export type Known = { at: number; value: number };

/** The parts of a line between its gaps. Where nobody asked for minutes, there is a gap, too. */
export function segments(points: Point[]): Known[][] {
  const parts: Known[][] = [];
  let open: Known[] | undefined;
  for (const { at, value } of points) {
    const last = open?.at(-1);
    if (value === undefined || (last && at - last.at > validFor)) open = undefined;
    if (value === undefined) continue;
    if (!open) {
      open = [];
      parts.push(open);
    }
    open.push({ at, value });
  }
  return parts;
}
