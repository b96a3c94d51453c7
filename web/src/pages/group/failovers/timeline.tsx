import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { Failover } from '../../../api/own';
import { labelled } from '../../../components/labelled';
import { categorical, surface } from '../../../components/tokens';
import { useTell } from '../../../facts/use-tell';
import { useFormats, useText } from '../../../i18n';
import { barOf, type TimelineStep, timelineOf } from './steps';
import { useMilliseconds } from './words';

/** How one failover went, step by step. */
export function FailoverTimeline({ failover }: { failover: Failover }) {
  const { failovers } = useText().group;
  const formats = useFormats();
  const tell = useTell();
  const milliseconds = useMilliseconds();
  const steps = timelineOf(failover);
  const notes = [
    failover.GivenUpReason && failovers.givenUp(tell(failover.GivenUpFact, failover.GivenUpReason).words),
    failover.Resumed && failovers.resumed,
  ].filter(Boolean);
  return (
    <Table
      items={steps}
      trackBy="step"
      ariaLabels={{ tableLabel: failovers.timeline }}
      header={
        <Header variant="h2" description={formats.dateTime(failover.DetectedAt)}>
          {failovers.timeline}
        </Header>
      }
      columnDefinitions={labelled<TimelineStep>([
        { id: 'step', header: failovers.columns.step, cell: ({ step }) => failovers.step[step], isRowHeader: true },
        { id: 'took', header: failovers.columns.took, cell: ({ took }) => `+${milliseconds(took)}` },
        { id: 'at', header: failovers.columns.at, cell: ({ at }) => milliseconds(at) },
        {
          id: 'bar',
          header: failovers.columns.course,
          minWidth: 160,
          cell: (step) => <Bar step={step} steps={steps} />,
        },
      ])}
      empty={failovers.noSteps}
      footer={notes.length > 0 && <Box>{notes.join(' ')}</Box>}
    />
  );
}

/** The same as the figures beside it, for the eye. */
function Bar({ step, steps }: { step: TimelineStep; steps: TimelineStep[] }) {
  const { start, length } = barOf(step, steps);
  return (
    <div aria-hidden="true" style={{ background: surface, borderRadius: 2 }}>
      <div
        style={{
          background: categorical[0],
          borderRadius: 2,
          height: 10,
          minWidth: 2,
          marginInlineStart: `${start}%`,
          width: `${length}%`,
        }}
      />
    </div>
  );
}
