import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useState } from 'react';
import type { Metrics as Samples } from '../../../api/own';
import { TimeChart } from '../../../components/chart/time-chart';
import { Problem } from '../../../components/problem';
import { useMetrics } from '../../../data/metrics';
import { useText } from '../../../i18n';
import { type Chart, charts, emptyText, linesOf, ranges } from './charts';

/** What the nodes of a group do, as it happens. */
export function Metrics({ id }: { id: string }) {
  const text = useText();
  const { data, error, refetch } = useMetrics(id);
  const [minutes, setMinutes] = useState<number>(15);
  return (
    <SpaceBetween size="l">
      <Header
        variant="h2"
        description={text.metrics.description}
        actions={<RangeControl minutes={minutes} onChange={setMinutes} />}
      >
        {text.metrics.title}
      </Header>
      <Problem error={error} header={text.common.failedToLoad} onRetry={refetch} />
      {(data || !error) && (
        <Grid gridDefinition={charts.map(() => ({ colspan: { default: 12, s: 6 } }))}>
          {charts.map((chart) => (
            <ChartCard key={chart.metric} chart={chart} metrics={data} minutes={minutes} />
          ))}
        </Grid>
      )}
    </SpaceBetween>
  );
}

function RangeControl({ minutes, onChange }: { minutes: number; onChange: (minutes: number) => void }) {
  const { metrics: text } = useText();
  return (
    <SegmentedControl
      label={text.range}
      selectedId={String(minutes)}
      onChange={({ detail }) => onChange(Number(detail.selectedId))}
      options={ranges.map((n) => ({ id: String(n), text: n === 60 ? text.hour : text.minutes(n) }))}
    />
  );
}

interface ChartCardProps {
  chart: Chart;
  metrics: Samples | undefined;
  minutes: number;
}

function ChartCard({ chart, metrics, minutes }: ChartCardProps) {
  const text = useText();
  const lines = useMemo(() => (metrics ? linesOf(chart, metrics, text) : []), [chart, metrics, text]);
  const title = text.metrics.names[chart.metric];
  const to = metrics?.AsOf?.getTime() ?? 0;
  return (
    <Container fitHeight header={<Header variant="h3">{title}</Header>}>
      <TimeChart
        label={title}
        lines={lines}
        from={to - minutes * 60_000}
        to={to}
        unit={chart.unit}
        loading={!metrics}
        empty={metrics && emptyText(chart, metrics, text)}
      />
    </Container>
  );
}
