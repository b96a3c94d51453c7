import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Access, TransitUsage } from '../../../api/own';
import { situationOf, toTransit } from '../../../cache/offers';
import { nextTransits, type Transit, transitOf } from '../../../cache/transit';
import { Confirm } from '../../../components/confirm';
import { useChange } from '../../../data/detail';
import { Say, useTell } from '../../../facts/use-tell';
import { useFormats, useText } from '../../../i18n';
import { useNotices } from '../../../shell/notices';
import { changeTransit, stepTo } from './transit';

interface TransitStepsProps {
  group: ReplicationGroup;
  access: Access | undefined;
  usage: TransitUsage | undefined; // absent where TLS is required
}

/** The modes that are one step away from the group's; each says first whom it hits. */
export function TransitSteps({ group, access, usage }: TransitStepsProps) {
  const { steps } = useText().group.connectivity.tls;
  const why = useWhyNot(group, access, usage);
  const [asked, setAsked] = useState<Transit>();
  const from = transitOf(group);
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        {nextTransits[from].map((to) => (
          <Button key={to} disabled={Boolean(why(to))} disabledReason={why(to)} onClick={() => setAsked(to)}>
            {steps[stepTo(from, to)].name}
          </Button>
        ))}
      </SpaceBetween>
      {asked && <Ask group={group} to={asked} usage={usage} why={why(asked)} close={() => setAsked(undefined)} />}
    </>
  );
}

/** Why the service would refuse a mode; empty: it would not. */
function useWhyNot(group: ReplicationGroup, access: Access | undefined, usage: TransitUsage | undefined) {
  const { offers, group: text } = useText();
  const tell = useTell();
  return (to: Transit): string => {
    const obstacle = toTransit(to, situationOf(group, access));
    if (obstacle) return offers[obstacle];
    if (usage && usage.GatelessNodes.length > 0) return text.connectivity.tls.gateless(usage.GatelessNodes.join(', '));
    if (to === 'required' && usage?.OnRequired.Refused) return tell(usage.OnRequired.Fact, usage.OnRequired.Text).words;
    return '';
  };
}

interface AskProps {
  group: ReplicationGroup;
  to: Transit;
  usage: TransitUsage | undefined;
  why: string;
  close(): void;
}

/** Says what the mode leads to, as of now. */
function Ask({ group, to, usage, why, close }: AskProps) {
  const words = useText().group.connectivity.tls;
  const { tell } = useNotices();
  const id = group.ReplicationGroupId ?? '';
  const [from] = useState(transitOf(group)); // what was asked about, whatever comes meanwhile
  const change = useChange<Transit>(
    id,
    (mode) => changeTransit(id, mode),
    () => {
      tell('success', words.asked(id));
      close();
    },
  );
  const { name, title, effect } = words.steps[stepTo(from, to)];
  return (
    <Confirm
      title={title}
      submit={name}
      running={change.isPending}
      disabled={why !== ''}
      error={change.error}
      onSubmit={() => change.mutate(to)}
      onClose={close}
    >
      <Box>{effect}</Box>
      {usage && <Hits to={to} usage={usage} />}
      {why !== '' && !change.isPending && <Alert type="warning">{why}</Alert>}
    </Confirm>
  );
}

/** Whose connections the mode ends. */
function Hits({ to, usage }: { to: Transit; usage: TransitUsage }) {
  const words = useText().group.connectivity.tls;
  const formats = useFormats();
  const { OnRequired: forecast, TlsConnections: open } = usage;
  if (to === 'preferred') return null;
  return (
    <Box>
      {to === 'required' ? (
        <Say fact={forecast.Fact} english={forecast.Text} />
      ) : (
        words.tlsOpen(open, formats.number(open))
      )}
    </Box>
  );
}
