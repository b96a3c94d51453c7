import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useState } from 'react';
import type { Access } from '../../api/own';
import { Problem } from '../../components/problem';
import { usePutSchedule } from '../../data/rotation';
import { useText } from '../../i18n';
import { useNotices } from '../../shell/notices';
import { DeliveryFields } from './delivery-fields';
import { Forecast } from './forecast';
import { defaults, type How, howOf, mistakes, scheduledOf } from './how';
import { RuleFields } from './rule-fields';
import { useWords } from './words';

const fourWeeks = '28';

/** Asks when and how the token is to be rotated by itself. */
export function ScheduleForm({ access, close }: { access: Access; close(): void }) {
  const { common } = useText();
  const { schedule: say, how: sayHow } = useWords().text;
  const { tell } = useNotices();
  const { RotationSchedule: schedule } = access;
  const [days, setDays] = useState(String(schedule?.EveryDays ?? fourWeeks));
  // A deadline beside the quiet time: nobody is there to see a client that never leaves.
  const [how, setHow] = useState<How>(() => (schedule ? howOf(schedule) : { ...defaults, finish: 'both' }));
  const [tried, setTried] = useState(false);
  const put = usePutSchedule(access.ReplicationGroupId, () => {
    tell('success', say.saved);
    close();
  });
  const daysWrong = !/^[1-9]\d*$/.test(days.trim());

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!daysWrong && mistakes(how, false).length === 0) put.mutate({ days: Number(days), how: scheduledOf(how) });
  };
  return (
    <form onSubmit={submit}>
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" onClick={close}>
              {common.cancel}
            </Button>
            <Button variant="primary" formAction="submit" loading={put.isPending}>
              {common.save}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">{schedule ? say.edit : say.create}</Header>}>
            <FormField
              label={say.everyDays}
              description={say.everyHint}
              errorText={tried && daysWrong && say.everyError}
            >
              <Input type="number" inputMode="numeric" value={days} onChange={({ detail }) => setDays(detail.value)} />
            </FormField>
          </Container>
          <Container
            header={
              <Header variant="h2" description={sayHow.deliveryHint}>
                {sayHow.delivery}
              </Header>
            }
          >
            <DeliveryFields value={how.delivery} tried={tried} onChange={(delivery) => setHow({ ...how, delivery })} />
          </Container>
          <Container header={<Header variant="h2">{sayHow.rules}</Header>}>
            <RuleFields value={how} onChange={setHow} mayAsk={false} tried={tried} />
          </Container>
          <Container header={<Header variant="h2">{sayHow.plan}</Header>}>
            <Forecast how={how} old={access.Credentials.at(-1)?.Fingerprint ?? ''} />
          </Container>
          <Problem error={put.error} />
        </SpaceBetween>
      </Form>
    </form>
  );
}
