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
import { transitOf } from '../../cache/transit';
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

/** Asks how a rotation is to be done, and begins it. A group that does not require TLS yet comes to do so first. */
export function Start({ access, group }: StartProps) {
  const { how: say, secure: saySecure } = useWords().text;
  const { offers } = useText();
  const [how, setHow] = useState<How>(defaults);
  const [tried, setTried] = useState(false);
  const start = useStartRotation(access.ReplicationGroupId);
  const [old = NONE, second] = access.Credentials.map((c) => c.Fingerprint);
  const situation = situationOf(group, access);
  // Of two credentials the service finishes what was begun, or replaces what reached nobody: never both.
  const finishOnly = second !== undefined && !access.Undelivered;
  const transit = transitOf(group);
  const secures = transit !== 'required';
  const obstacle = against(secures ? 'secure' : finishOnly ? 'finishRotation' : 'startRotation', situation);
  const why = obstacle && offers[obstacle];

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (mistakes(how, finishOnly).length === 0) start.mutate(requestOf(how, finishOnly, secures));
  };
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
            {secures ? saySecure.start : say.start}
          </Button>
        }
      >
        <SpaceBetween size="l">
          {Boolean(why) && <Alert header={secures ? saySecure.blocked : say.blocked}>{why}</Alert>}
          {secures && (
            <Alert type="info" header={saySecure.first.title}>
              {saySecure.first.text}
            </Alert>
          )}
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
              <Header
                variant="h2"
                description={secures && saySecure.rulesHint}
                actions={<Presets secures={secures} set={(some) => setHow({ ...how, ...some })} />}
              >
                {secures ? saySecure.rules : say.rules}
              </Header>
            }
          >
            <RuleFields value={how} onChange={setHow} mayAsk tried={tried} />
          </Container>
          <Container header={<Header variant="h2">{say.plan}</Header>}>
            <Forecast how={how} old={old} fresh={finishOnly ? second : undefined} transit={transit} />
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

/** Nothing can have leaked where there was no token yet. */
function Presets({ secures, set }: { secures: boolean; set(some: Partial<How>): void }) {
  const { how: say } = useWords().text;
  const { delivery: _, ...rules } = defaults;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button formAction="none" onClick={() => set(rules)}>
        {say.normal}
      </Button>
      {!secures && (
        <Button formAction="none" onClick={() => set(leaked)}>
          {say.leaked}
        </Button>
      )}
    </SpaceBetween>
  );
}
