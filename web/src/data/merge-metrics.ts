import type { Metrics } from '../api/own';

type Node = Metrics['Nodes'][number];
type Series = Node['Metrics'][number];

/** Milliseconds; the service keeps no more either. */
const kept = 60 * 60 * 1000;

/**
 * Up to when the samples of all nodes are known, by the service's clock. Nodes answer at slightly different
 * times, so it is the earliest of their last ones: what comes twice is dropped by mergeMetrics.
 */
export function lastTime(known: Metrics | undefined): Date | undefined {
  const ends = (known?.Nodes ?? []).flatMap(({ Timestamps }) => Timestamps.at(-1)?.getTime() ?? []);
  return ends.length > 0 ? new Date(Math.min(...ends)) : undefined;
}

/** Appends what is new. Which nodes there are, and their roles, are as the newer answer says. */
export function mergeMetrics(known: Metrics | undefined, fresh: Metrics): Metrics {
  if (!known || !fresh.AsOf) return fresh;
  const asOf = fresh.AsOf.getTime();
  if (known.AsOf && known.AsOf.getTime() > asOf) {
    // The service's clock was set back, and what is known would be in its future. The next question
    // is for all that there is, if this answer holds nothing.
    return fresh;
  }
  const before = new Map(known.Nodes.map((node) => [node.CacheClusterId, node]));
  return {
    ...fresh,
    Nodes: fresh.Nodes.map((node) => merged(before.get(node.CacheClusterId), node, asOf - kept)),
  };
}

function merged(before: Node | undefined, fresh: Node, oldest: number): Node {
  if (!before) return fresh;
  const last = before.Timestamps.at(-1)?.getTime() ?? Number.NEGATIVE_INFINITY;
  const from = firstAfter(before.Timestamps, oldest);
  const to = firstAfter(fresh.Timestamps, last);
  const gap = { before: before.Timestamps.length - from, fresh: fresh.Timestamps.length - to };
  const old = new Map(before.Metrics.map((series) => [nameOf(series), series]));
  const young = new Map(fresh.Metrics.map((series) => [nameOf(series), series]));
  return {
    ...fresh,
    Timestamps: [...before.Timestamps.slice(from), ...fresh.Timestamps.slice(to)],
    Metrics: [...new Map([...old, ...young]).values()]
      .map((series) => ({
        ...series,
        Values: [
          ...valuesOf(old.get(nameOf(series)), from, gap.before),
          ...valuesOf(young.get(nameOf(series)), to, gap.fresh),
        ],
      }))
      .filter(({ Values }) => Values.some((value) => value !== undefined)),
  };
}

const nameOf = ({ MetricName, Credential }: Series) => `${MetricName} ${Credential}`;

/** What a metric had from an index on; one that the answer does not name had only gaps. */
const valuesOf = (series: Series | undefined, from: number, count: number): (number | undefined)[] =>
  series ? series.Values.slice(from) : new Array<undefined>(count).fill(undefined);

function firstAfter(times: Date[], after: number): number {
  const index = times.findIndex((time) => time.getTime() > after);
  return index < 0 ? times.length : index;
}
