import { useMemo } from 'react';
import type { Metrics } from '../api/own';
import { useText } from '../i18n';
import { colorOf } from './chart/colors';
import { credentialPoints } from './chart/series';
import { TimeChart } from './chart/time-chart';

interface CredentialConnectionsChartProps {
  /** Of useMetrics; undefined while it is read. */
  metrics: Metrics | undefined;
  /** Fingerprints, or NONE; empty where there is none. */
  old: string;
  new: string;
  minutes?: number;
  height?: number;
}

/** How many connections each credential has, over time: those of the old one go as those of the new one come. */
export function CredentialConnectionsChart(props: CredentialConnectionsChartProps) {
  const { metrics, old, new: young, minutes = 15, height = 200 } = props;
  const text = useText();
  const lines = useMemo(() => {
    const { credential: names } = text.common;
    const nameOf = (credential: string) => (credential === 'NONE' ? names.none : names.token(credential));
    const found = metrics ? credentialPoints(metrics, 'Connections') : [];
    const others = found.map(({ credential }) => credential).filter((c) => c !== old && c !== young);
    const shown = [
      { credential: young, name: text.chart.new(nameOf(young)), color: colorOf(0) },
      { credential: old, name: text.chart.old(nameOf(old)), color: colorOf(4) },
      ...others.map((credential, i) => ({ credential, name: nameOf(credential), color: colorOf(5 + i) })),
    ];
    return shown
      .filter(({ credential }) => credential)
      .map((line) => ({ ...line, points: found.find((f) => f.credential === line.credential)?.points ?? [] }));
  }, [metrics, old, young, text]);
  const to = metrics?.AsOf?.getTime() ?? 0;
  return (
    <TimeChart
      label={text.chart.connectionsByCredential}
      lines={lines}
      from={to - minutes * 60_000}
      to={to}
      unit="count"
      height={height}
      loading={!metrics}
      empty={text.chart.starting}
    />
  );
}
