import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Access, RotationSchedule } from '../../api/own';
import { against, situationOf } from '../../cache/offers';
import { useBlocked } from '../../components/blocked';
import { Confirm } from '../../components/confirm';
import { useDeleteSchedule } from '../../data/rotation';
import { Say } from '../../facts/use-tell';
import { useNotices } from '../../shell/notices';
import { Plan } from './plan';
import { ScheduleForm } from './schedule-form';
import { useWords } from './words';

interface ScheduleProps {
  access: Access;
  group: ReplicationGroup;
  now: Date;
}

/** The dates on which the group's token is rotated by itself. */
export function Schedule({ access, group, now }: ScheduleProps) {
  const { schedule: say } = useWords().text;
  const [asked, setAsked] = useState<'edit' | 'remove'>();
  const { ReplicationGroupId: id, RotationSchedule: schedule } = access;
  const close = () => setAsked(undefined);
  const blocked = useBlocked();
  const obstacle = against('putSchedule', situationOf(group, access));
  if (asked === 'edit') return <ScheduleForm access={access} close={close} />;
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {schedule && <Button onClick={() => setAsked('remove')}>{say.remove}</Button>}
              <Button onClick={() => setAsked('edit')} {...blocked(obstacle)}>
                {schedule ? say.edit : say.create}
              </Button>
            </SpaceBetween>
          }
        >
          {say.title}
        </Header>
      }
    >
      {schedule ? <Dates schedule={schedule} now={now} /> : <Box>{say.none}</Box>}
      {asked === 'remove' && <Remove id={id} close={close} />}
    </Container>
  );
}

function Dates({ schedule: s, now }: { schedule: RotationSchedule; now: Date }) {
  const { text, formats } = useWords();
  const { schedule: say } = text;
  const due = s.NextAt !== undefined && s.NextAt <= now;
  return (
    <SpaceBetween size="l">
      <ScheduleFailed schedule={s} />
      <KeyValuePairs
        columns={3}
        items={[
          { label: say.every, value: say.days(s.EveryDays) },
          { label: say.next, value: due ? say.due : formats.dateTime(s.NextAt) },
          { label: say.last, value: formats.dateTime(s.LastAt) },
        ]}
      />
      <Plan how={s} />
    </SpaceBetween>
  );
}

/** What the owner must see until a rotation is done. */
export function ScheduleFailed({ schedule }: { schedule: RotationSchedule | undefined }) {
  const { text, formats } = useWords();
  if (!schedule?.Failed) return null;
  return (
    <Alert type="error" header={text.schedule.failed}>
      {formats.dateTime(schedule.FailedAt)}: <Say fact={schedule.FailedFact} english={schedule.Failed} whole />
    </Alert>
  );
}

function Remove({ id, close }: { id: string; close(): void }) {
  const { schedule: say } = useWords().text;
  const { tell } = useNotices();
  const remove = useDeleteSchedule(id, () => {
    tell('success', say.removed);
    close();
  });
  return (
    <Confirm
      title={say.removeTitle}
      submit={say.remove}
      running={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate()}
      onClose={close}
    >
      {say.removeText}
    </Confirm>
  );
}
