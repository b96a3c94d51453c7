import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { RotationSchedule } from '../../../api/own';
import { Words } from '../../../components/words';
import { useTell } from '../../../facts/use-tell';
import { useFormats, useText } from '../../../i18n';
import { href, paths } from '../../../paths';
import { useFollow } from '../../../shell/follow';

/** When tokens are rotated by themselves; it is changed on the page of rotations. */
export function Schedule({ id, schedule }: { id: string; schedule: RotationSchedule | undefined }) {
  const words = useText().group.schedule;
  const follow = useFollow();
  const change = (
    <Button href={href(paths.rotation(id))} onFollow={follow}>
      {words.change}
    </Button>
  );
  return (
    <Container
      header={
        <Header variant="h2" description={words.hint} actions={change}>
          {words.title}
        </Header>
      }
    >
      {schedule ? <Facts schedule={schedule} /> : <Box>{words.none}</Box>}
    </Container>
  );
}

function Facts({ schedule }: { schedule: RotationSchedule }) {
  const words = useText().group.schedule;
  const formats = useFormats();
  const tell = useTell();
  return (
    <KeyValuePairs
      columns={3}
      items={[
        { label: words.every, value: words.days(schedule.EveryDays) },
        { label: words.next, value: formats.dateTime(schedule.NextAt) },
        { label: words.last, value: formats.dateTime(schedule.LastAt) },
        { label: words.delivery, value: schedule.Delivery },
        { label: words.finish, value: <Box variant="code">{schedule.Finish}</Box> },
        {
          label: words.result,
          value: schedule.Failed ? (
            <StatusIndicator type="error">
              <Words>
                {words.failed(formats.dateTime(schedule.FailedAt), tell(schedule.FailedFact, schedule.Failed).words)}
              </Words>
            </StatusIndicator>
          ) : (
            <StatusIndicator type="success">{words.well}</StatusIndicator>
          ),
        },
      ]}
    />
  );
}
