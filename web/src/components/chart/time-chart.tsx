import Box from '@cloudscape-design/components/box';
import LineChart, { type LineChartProps } from '@cloudscape-design/components/line-chart';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMemo } from 'react';
import { useFormats, useLanguage, useText } from '../../i18n';
import { axisOf, type Unit } from './axis';
import { useHeld, useReading } from './hold';
import { Legend } from './legend';
import { downsample, type Point, segments } from './series';

export interface Line {
  name: string;
  color: string;
  points: Point[];
}

interface TimeChartProps {
  /** What is drawn, for those who hear it. */
  label: string;
  lines: Line[];
  /** Milliseconds. */
  from: number;
  to: number;
  unit: Unit;
  height?: number;
  loading?: boolean;
  /** Said in the place of a chart without lines. */
  empty?: string | undefined;
}

/**
 * Lines over time, with gaps. While somebody points at it or has the focus in it, it stands still, and says so:
 * new samples must not pull a point away from under the pointer.
 */
export function TimeChart({ label, lines, from, to, unit, height = 180, loading = false, empty }: TimeChartProps) {
  const text = useText().chart;
  const formats = useFormats();
  const clock = useClock();
  const { reading, watch } = useReading();
  const picture = useMemo(() => pictureOf(lines, from, to), [lines, from, to]);
  const shown = useHeld(picture, reading);
  const axis = useMemo(() => axisOf(shown.max, unit, formats), [shown.max, unit, formats]);
  const series = useMemo(
    (): LineChartProps<Date>['series'] =>
      shown.parts.map(({ name, color, points }) => ({
        type: 'line',
        title: name,
        color,
        data: points.map(({ at, value }) => ({ x: new Date(at), y: value / axis.divisor })),
        valueFormatter: axis.write,
      })),
    [shown, axis],
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: no fieldset, for nothing is filled in
    <div role="group" aria-label={label} {...watch}>
      <LineChart<Date>
        ariaLabel={label}
        series={series}
        visibleSeries={series}
        onFilterChange={noFilter}
        xScaleType="time"
        xDomain={[new Date(shown.from), new Date(shown.to)]}
        yDomain={[0, axis.top]}
        xTickFormatter={clock}
        yTickFormatter={axis.write}
        height={height}
        hideFilter
        hideLegend
        statusType={loading ? 'loading' : 'finished'}
        loadingText={text.loading}
        empty={<Box color="inherit">{empty ?? text.empty}</Box>}
        i18nStrings={text.strings}
      />
      <div style={footer}>
        <Legend label={text.legend} lines={shown.legend} />
        {/* Its place is always there: nothing is to move. */}
        <div style={{ visibility: reading && series.length > 0 ? 'visible' : 'hidden' }}>
          <StatusIndicator type="stopped">{text.held}</StatusIndicator>
        </div>
      </div>
    </div>
  );
}

const footer = { display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', gap: '4px 16px' } as const;

/** The chart has no filter: all series are always visible. The design system has to be told so, because the series change. */
const noFilter = () => undefined;

/** The parts of all lines that are drawn; those of one line have one name and one colour. */
function pictureOf(lines: Line[], from: number, to: number) {
  const parts = lines.flatMap(({ name, color, points }) =>
    segments(downsample(points, from, to)).map((points) => ({ name, color, points })),
  );
  const max = parts.reduce((max, { points }) => points.reduce((max, { value }) => Math.max(max, value), max), 0);
  const drawn = new Set(parts.map(({ name }) => name));
  return { from, to, parts, max, legend: lines.filter(({ name }) => drawn.has(name)) };
}

/** Times of a day, with seconds where there are any. */
function useClock(): (at: Date) => string {
  const { language } = useLanguage();
  return useMemo(() => {
    const minutes = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    const short = new Intl.DateTimeFormat(language, minutes);
    const long = new Intl.DateTimeFormat(language, { ...minutes, second: '2-digit' });
    return (at) => (at.getTime() % 60_000 === 0 ? short : long).format(at);
  }, [language]);
}
