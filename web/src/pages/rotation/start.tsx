import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import { type FormEvent, useState } from 'react';
import type { Access } from '../../api/own';
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
  encrypted: boolean; // in transit
}

/** Asks how a rotation is to be done, and begins it. */
export function Start({ access, encrypted }: StartProps) {
  const { how: say } = useWords().text;
  const [how, setHow] = useState<How>(defaults);
  const [adopt, setAdopt] = useState(() => begunByOthers(access));
  const [tried, setTried] = useState(false);
  const start = useStartRotation(access.ReplicationGroupId);
  const [old = NONE, second] = access.Credentials.map((c) => c.Fingerprint);
  const finishOnly = adopt && second !== undefined;
  const why = useBlocked(access, encrypted);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (mistakes(how, finishOnly).length === 0) start.mutate(requestOf(how, finishOnly));
  };
  if (!encrypted) return <Alert header={say.blocked.title}>{why}</Alert>;
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
          {second && <What old={old} fresh={second} adopt={adopt} setAdopt={setAdopt} />}
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

/**
 * Whether finishing is what is wanted most likely. A token that was not delivered is replaced
 * instead; what is possible, the service says.
 */
function begunByOthers({ Credentials, LastRotation: last }: Access): boolean {
  const undelivered = last && !last.DeliveredAt && last.NewCredential === Credentials[1]?.Fingerprint;
  return Credentials.length > 1 && !undelivered;
}

/** Why no rotation can be begun; empty: it can. */
function useBlocked(access: Access, encrypted: boolean): string {
  const { common, rotation } = useText();
  const { blocked } = rotation.how;
  if (!encrypted) return blocked.tls;
  const { Status: status } = access;
  return status === 'available' ? '' : blocked.status(common.status[status] ?? status);
}

interface WhatProps {
  old: string;
  fresh: string;
  adopt: boolean;
  setAdopt(adopt: boolean): void;
}

/** Two credentials are accepted: to finish that, or to begin anew. */
function What({ old, fresh, adopt, setAdopt }: WhatProps) {
  const { text, credential } = useWords();
  const { how: say } = text;
  return (
    <Container header={<Header variant="h2">{say.what}</Header>}>
      <FormField stretch>
        <Tiles
          ariaLabel={say.what}
          value={adopt ? 'adopt' : 'fresh'}
          items={[
            { value: 'adopt', label: say.adopt, description: say.adoptHint(credential(old), credential(fresh)) },
            { value: 'fresh', label: say.fresh, description: say.freshHint },
          ]}
          onChange={({ detail }) => setAdopt(detail.value === 'adopt')}
        />
      </FormField>
    </Container>
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
