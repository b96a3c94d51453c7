import { describe, expect, it } from 'vitest';
import type { MetricName, Metrics } from '../../api/own';
import { credentialPoints, downsample, nodePoints, pointsMost, roundsOf, segments } from './series';

const start = Date.UTC(2026, 4, 4, 12);

type Values = (number | undefined)[];

/** Times are milliseconds after start; a key is a metric, or a metric and a credential. */
const node = (id: string, times: number[], series: Record<string, Values>) => ({
  CacheClusterId: id,
  Role: 'replica',
  Timestamps: times.map((ms) => new Date(start + ms)),
  Metrics: Object.entries(series).map(([key, Values]) => {
    const [name, Credential = ''] = key.split(' ');
    return { MetricName: name as MetricName, Unit: 'Count', Credential, Values };
  }),
});
const metrics = (...Nodes: Metrics['Nodes']): Metrics => ({ ReplicationGroupId: 'g', AsOf: undefined, Nodes });
const values = (points: { value: number | undefined }[] | undefined) => points?.map(({ value }) => value);

describe('roundsOf', () => {
  it('puts what was answered in one round at one time', () => {
    const rounds = roundsOf([node('a', [0, 2010], {}), node('b', [30, 2000], {})]);
    expect(rounds).toEqual([
      [start, start + 2000],
      [start, start + 2000],
    ]);
  });

  it('takes two samples of one node for two rounds, however near', () => {
    expect(roundsOf([node('a', [900, 2000], {})])).toEqual([[start + 900, start + 2000]]);
  });
});

describe('nodePoints', () => {
  it('leaves out nodes that have no such metric, and keeps gaps', () => {
    const all = metrics(
      node('a', [0, 2000], { CurrConnections: [1, undefined] }),
      node('b', [0, 2000], { CommandsPerSecond: [1, 2] }),
    );
    expect(nodePoints(all, 'CurrConnections')).toEqual([
      {
        node: 'a',
        points: [
          { at: start, value: 1 },
          { at: start + 2000, value: undefined },
        ],
      },
    ]);
  });
});

describe('credentialPoints', () => {
  it('adds up over the nodes, NONE first', () => {
    const found = credentialPoints(
      metrics(
        node('a', [0, 2000], { 'Connections f': [1, 2], 'Connections NONE': [5, 5] }),
        node('b', [40, 2040], { 'Connections f': [10, 20], 'Connections NONE': [0, 1] }),
      ),
      'Connections',
    );
    expect(found.map(({ credential }) => credential)).toEqual(['NONE', 'f']);
    expect(found.map(({ points }) => values(points))).toEqual([
      [5, 6],
      [11, 22],
    ]);
  });

  it('does not take unknown for zero: a node that did not answer makes a gap', () => {
    const found = credentialPoints(
      metrics(
        node('a', [0, 2000, 4000], { 'Connections f': [1, 1, 1] }),
        node('b', [0, 3000, 4000], { 'Connections f': [2, undefined, 2] }),
      ),
      'Connections',
    );
    expect(values(found[0]?.points)).toEqual([3, undefined, 3]);
  });

  it('takes a credential that a node does not tell of for none of its connections', () => {
    const found = credentialPoints(
      metrics(node('a', [0], { 'Connections f': [1], 'Connections g': [4] }), node('b', [0], { 'Connections f': [2] })),
      'Connections',
    );
    expect(found.map(({ points }) => values(points))).toEqual([[3], [4]]);
  });

  it('counts a node without a sample of a round by its last one, for two minutes', () => {
    const found = credentialPoints(
      metrics(
        node('a', [0, 60_000, 180_000], { 'Connections f': [1, 1, 1] }),
        node('b', [0], { 'Connections f': [2] }),
      ),
      'Connections',
    );
    expect(values(found[0]?.points)).toEqual([3, 3, 1]);
  });

  it('leaves out nodes that tell nothing by credential', () => {
    const found = credentialPoints(
      metrics(node('a', [0], { 'Connections f': [1] }), node('b', [0], { CurrConnections: [9] })),
      'Connections',
    );
    expect(values(found[0]?.points)).toEqual([1]);
  });
});

describe('downsample', () => {
  const hour = 3_600_000;
  const fine = Array.from({ length: 1800 }, (_, i) => ({ at: start + i * 2000, value: i }));

  it('draws no more points than can be told apart, and none outside', () => {
    const drawn = downsample(fine, start + hour / 2, start + hour);
    expect(drawn.length).toBeLessThanOrEqual(pointsMost);
    expect(drawn.length).toBeGreaterThan(pointsMost / 2);
    expect(drawn[0]?.at).toBeGreaterThanOrEqual(start + hour / 2);
    expect(drawn.at(-1)?.at).toBeLessThanOrEqual(start + hour);
  });

  it('takes means, over what is known', () => {
    const points = [1, 3, undefined, 5].map((value, i) => ({ at: i * 1000, value }));
    expect(downsample(points, 0, 4000, 3)).toEqual([
      { at: 0, value: 2 },
      { at: 2000, value: 5 },
    ]);
  });

  it('keeps a step of gaps as a gap', () => {
    expect(downsample([{ at: 0, value: undefined }], 0, 4000, 3)).toEqual([{ at: 0, value: undefined }]);
  });

  it('lets points stay where they are while time goes on', () => {
    const before = downsample(fine, start, start + hour / 2);
    const after = downsample(fine, start + 2000, start + hour / 2 + 2000);
    expect(after.slice(1, -1)).toEqual(before.slice(-(after.length - 1), -1).slice(0, after.length - 2));
  });
});

describe('segments', () => {
  it('ends a line at a gap, and where nothing was asked for minutes', () => {
    const points = [
      { at: 0, value: 1 },
      { at: 60_000, value: 2 },
      { at: 62_000, value: undefined },
      { at: 64_000, value: 3 },
      { at: 264_000, value: 4 },
    ];
    expect(segments(points).map(values)).toEqual([[1, 2], [3], [4]]);
  });

  it('is nothing of nothing', () => {
    expect(segments([{ at: 0, value: undefined }])).toEqual([]);
  });
});
