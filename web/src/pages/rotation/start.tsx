import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useState } from 'react';
import type { Access } from '../../api/own';
import { against, situationOf } from '../../cache/offers';
import { Problem } from '../../components/problem';
import { useStartRotation } from '../../data/rotation';
import { useText } from '../../i18n';
import { DeliveryFields } from './delivery-fields';
import { Forecast } from './forecast';
import { defaults, type How, leaked, mistakes, requestOf } from './how';
import { RuleFields } from './rule-fields';
import { useWords } from './words';

interface StartProps {
  access: Access;
  group: ReplicationGroup;
}

/** Asks how a rotation is to be done, and begins it. */
export function Start({ access, group }: StartProps) {
  const { how: say } = useWords().text;
  const { offers } = useText();
  const [how, setHow] = useState<How>(defaults);
  const [tried, setTried] = useState(false);
  const start = useStartRotation(access.ReplicationGroupId);
  const [old = NONE, second] = access.Credentials.map((c) => c.Fingerprint);
  const situation = situationOf(group, access);
  // Of two credentials the service finishes what was begun, or replaces what reached nobody: never both.
  const finishOnly = second !== undefined && !access.Undelivered;
  const obstacle = against(finishOnly ? 'finishRotation' : 'startRotation', situation);
  const why = obstacle && (obstacle === 'noTls' ? say.blocked.tls : offers[obstacle]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (mistakes(how, finishOnly).length === 0) start.mutate(requestOf(how, finishOnly));
  };
  if (obstacle === 'noTls') return <Alert header={say.blocked.title}>{why}</Alert>;
  return (
    <form onSubmit={submit}>
      <Form
        actions={
          <Button
            variant="primary"
            formAction="submit"
            loading={start.isPending}
            disabled={Boolean(why)}
            disabledReason={why}
          >
            {say.start}
          </Button>
        }
      >
        <SpaceBetween size="l">
          {Boolean(why) && <Alert header={say.blocked.title}>{why}</Alert>}
          {second && <What old={old} fresh={second} replaces={!finishOnly} />}
          {!finishOnly && (
            <Container
              header={
                <Header variant="h2" description={say.deliveryHint}>
                  {say.delivery}
                </Header>
              }
            >
              <DeliveryFields
                value={how.delivery}
                tried={tried}
                onChange={(delivery) => setHow({ ...how, delivery })}
              />
            </Container>
          )}
          <Container
            header={
              <Header variant="h2" actions={<Presets set={(some) => setHow({ ...how, ...some })} />}>
                {say.rules}
              </Header>
            }
          >
            <RuleFields value={how} onChange={setHow} mayAsk tried={tried} />
          </Container>
          <Container header={<Header variant="h2">{say.plan}</Header>}>
            <Forecast how={how} old={old} fresh={finishOnly ? second : undefined} />
            {old === NONE && <Box color="text-body-secondary">{say.noneHint}</Box>}
          </Container>
          <Problem error={start.error} />
        </SpaceBetween>
      </Form>
    </form>
  );
}

const NONE = 'NONE';

interface WhatProps {
  old: string;
  fresh: string;
  replaces: boolean; // the fresh one reached nobody
}

/** Two credentials are accepted: what becomes of each, and how else they can be changed. */
function What({ old, fresh, replaces }: WhatProps) {
  const { text, credential } = useWords();
  const { how: say } = text;
  const words = replaces ? say.replace : say.adopt;
  return (
    <Alert type="info" header={words.title}>
      {words.text(credential(old), credential(fresh))}
    </Alert>
  );
}

function Presets({ set }: { set(some: Partial<How>): void }) {
  const { how: say } = useWords().text;
  const { delivery: _, ...rules } = defaults;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button formAction="none" onClick={() => set(rules)}>
        {say.normal}
      </Button>
      <Button formAction="none" onClick={() => set(leaked)}>
        {say.leaked}
      </Button>
    </SpaceBetween>
  );
}
