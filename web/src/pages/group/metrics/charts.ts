import type { MetricName, Metrics } from '../../../api/own';
import type { Unit } from '../../../components/chart/axis';
import { colorOf, colorOfNode } from '../../../components/chart/colors';
import { credentialPoints, nodePoints } from '../../../components/chart/series';
import type { Line } from '../../../components/chart/time-chart';
import type { Dictionary } from '../../../i18n/en';

export interface Chart {
  metric: MetricName;
  unit: Unit;
  /** Whether there is a line for each node, or for each credential. */
  by: 'node' | 'credential';
}

/** In the order in which they are shown, two in a row. */
export const charts: readonly Chart[] = [
  { metric: 'Connections', unit: 'count', by: 'credential' },
  { metric: 'AuthenticationsPerSecond', unit: 'perSecond', by: 'credential' },
  { metric: 'CommandsPerSecond', unit: 'perSecond', by: 'node' },
  { metric: 'CurrConnections', unit: 'count', by: 'node' },
  { metric: 'BytesUsedForCache', unit: 'bytes', by: 'node' },
  { metric: 'CacheHitRate', unit: 'percent', by: 'node' },
  { metric: 'EngineCPUUtilization', unit: 'percent', by: 'node' },
  { metric: 'Evictions', unit: 'count', by: 'node' },
  { metric: 'ReplicationOffsetLag', unit: 'bytes', by: 'node' },
  { metric: 'ReplicationLag', unit: 'seconds', by: 'node' },
];

/** The lines of a chart, by their names in a language. */
export function linesOf({ metric, by }: Chart, metrics: Metrics, text: Dictionary): Line[] {
  if (by === 'node') {
    const roles = new Map(metrics.Nodes.map(({ CacheClusterId, Role }) => [CacheClusterId, Role]));
    return nodePoints(metrics, metric).map(({ node, points }) => {
      const role = roles.get(node) ?? '';
      return { name: text.metrics.node(node, text.common.role[role] ?? role), color: colorOfNode(node), points };
    });
  }
  const { none, token } = text.common.credential;
  return credentialPoints(metrics, metric).map(({ credential, points }, i) => ({
    name: credential === 'NONE' ? none : token(credential),
    color: colorOf(i),
    points,
  }));
}

/** What is said where a chart has no lines. */
export function emptyText({ metric }: Chart, metrics: Metrics, { metrics: text, chart }: Dictionary): string {
  if (metrics.Nodes.every(({ Timestamps }) => Timestamps.length === 0)) return text.notWatched;
  if (metric === 'ReplicationLag' || metric === 'ReplicationOffsetLag') return text.noReplicas;
  return metric === 'CacheHitRate' ? text.noLookups : chart.empty;
}

/** Minutes. */
export const ranges = [5, 15, 60] as const;
