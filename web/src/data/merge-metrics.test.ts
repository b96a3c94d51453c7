import { describe, expect, it } from 'vitest';
import type { MetricName, Metrics } from '../api/own';
import { lastTime, mergeMetrics } from './merge-metrics';

const start = Date.UTC(2026, 4, 4, 12);
const at = (seconds: number) => new Date(start + seconds * 1000);

type Values = (number | undefined)[];

const node = (id: string, seconds: number[], series: Partial<Record<string, Values>>, Role = 'replica') => ({
  CacheClusterId: id,
  Role,
  Timestamps: seconds.map(at),
  Metrics: Object.entries(series).map(([name, Values = []]) => {
    const [MetricName, Credential = ''] = name.split(' ');
    return { MetricName: MetricName as MetricName, Unit: 'Count', Credential, Values };
  }),
});
const answer = (asOf: number, ...Nodes: Metrics['Nodes']): Metrics => ({
  ReplicationGroupId: 'g',
  AsOf: at(asOf),
  Nodes,
});

describe('mergeMetrics', () => {
  it('takes the first answer as it is', () => {
    const first = answer(2, node('g-001', [0, 2], { CurrConnections: [1, 2] }));
    expect(mergeMetrics(undefined, first)).toEqual(first);
  });

  it('appends what is new and drops what came twice', () => {
    const known = answer(4, node('g-001', [0, 2, 4], { CurrConnections: [1, 2, 3] }));
    const fresh = answer(6, node('g-001', [4, 6], { CurrConnections: [3, 4] }));
    expect(mergeMetrics(known, fresh)).toEqual(
      answer(6, node('g-001', [0, 2, 4, 6], { CurrConnections: [1, 2, 3, 4] })),
    );
  });

  it('keeps what it knows when there is nothing new', () => {
    const known = answer(4, node('g-001', [2, 4], { CurrConnections: [2, undefined] }));
    expect(mergeMetrics(known, answer(5, node('g-001', [], {})))).toEqual({ ...known, AsOf: at(5) });
  });

  it('leaves gaps where a metric is not told of', () => {
    const known = answer(2, node('g-001', [0, 2], { CacheHitRate: [50, undefined], 'Connections a': [1, 1] }));
    const fresh = answer(6, node('g-001', [4, 6], { 'Connections a': [undefined, 2], 'Connections b': [7, 8] }));
    expect(mergeMetrics(known, fresh).Nodes).toEqual([
      node('g-001', [0, 2, 4, 6], {
        CacheHitRate: [50, undefined, undefined, undefined],
        'Connections a': [1, 1, undefined, 2],
        'Connections b': [undefined, undefined, 7, 8],
      }),
    ]);
  });

  it('lets nodes come and go, and roles change', () => {
    const known = answer(
      2,
      node('g-001', [2], { CurrConnections: [1] }, 'primary'),
      node('g-002', [2], { CurrConnections: [1] }),
    );
    const fresh = answer(
      4,
      node('g-002', [4], { CurrConnections: [2] }, 'primary'),
      node('g-003', [4], { CurrConnections: [3] }),
    );
    expect(mergeMetrics(known, fresh).Nodes).toEqual([
      node('g-002', [2, 4], { CurrConnections: [1, 2] }, 'primary'),
      node('g-003', [4], { CurrConnections: [3] }),
    ]);
  });

  it('keeps an hour, and no metric that has nothing left', () => {
    const known = answer(10, node('g-001', [0, 10], { CurrConnections: [1, 2], CacheHitRate: [50, undefined] }));
    const fresh = answer(3605, node('g-001', [3605], { CurrConnections: [3] }));
    expect(mergeMetrics(known, fresh).Nodes).toEqual([node('g-001', [10, 3605], { CurrConnections: [2, 3] })]);
  });

  it('begins anew when the clock of the service was set back', () => {
    const known = answer(100, node('g-001', [100], { CurrConnections: [1] }));
    const fresh = answer(50, node('g-001', [50], { CurrConnections: [2] }));
    expect(mergeMetrics(known, fresh)).toEqual(fresh);
  });
});

describe('lastTime', () => {
  it('is the earliest of what is known last of each node', () => {
    expect(lastTime(answer(9, node('a', [1, 8], {}), node('b', [2, 7], {}), node('c', [], {})))).toEqual(at(7));
  });

  it('is nothing while no node was sampled', () => {
    expect(lastTime(undefined)).toBeUndefined();
    expect(lastTime(answer(9, node('a', [], {})))).toBeUndefined();
  });
});
