import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import type { Access } from '../../../api/own';
import { situationOf, toRotation } from '../../../cache/offers';
import { pendingTransitOf, transitOf } from '../../../cache/transit';
import { useBlocked } from '../../../components/blocked';
import { Copyable } from '../../../components/copy';
import { Problem } from '../../../components/problem';
import { useTransitUsage } from '../../../data/group';
import { useText } from '../../../i18n';
import { href, paths } from '../../../paths';
import { useFollow } from '../../../shell/follow';
import { caFingerprint, caPath } from './ca';
import { Plaintext } from './plaintext';
import { TransitSteps } from './transit-steps';

/** Encryption in transit: how clients connect, the way to TLS, and whom to trust for it. */
export function Tls({ group, access }: { group: ReplicationGroup; access: Access | undefined }) {
  const { group: text } = useText();
  const follow = useFollow();
  const blocked = useBlocked();
  const words = text.connectivity.tls;
  const id = group.ReplicationGroupId ?? '';
  const mode = transitOf(group);
  const inPlaintext = mode !== 'required'; // somebody may be
  const usage = useTransitUsage(id, inPlaintext);
  const known = inPlaintext ? usage.data : undefined;
  const actions = (
    <SpaceBetween direction="horizontal" size="xs">
      {mode !== 'none' && (
        <Button href={caPath} download="aikagi-ca.pem" iconName="download">
          {words.download}
        </Button>
      )}
      <TransitSteps group={group} access={access} usage={known} />
      {inPlaintext && (
        <Button
          variant="primary"
          href={href(paths.rotation(id))}
          onFollow={follow}
          {...blocked(toRotation(situationOf(group, access)))}
        >
          {words.secure}
        </Button>
      )}
    </SpaceBetween>
  );
  return (
    <Container
      header={
        <Header variant="h2" actions={actions}>
          {text.facts.inTransit}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Mode group={group} />
        {inPlaintext && usage.error && (
          <Problem error={usage.error} header={words.plaintext.unread} onRetry={usage.refetch} />
        )}
        {inPlaintext && usage.isPending && <StatusIndicator type="loading">{words.plaintext.asking}</StatusIndicator>}
        {known && <Plaintext id={id} usage={known} />}
        {mode !== 'none' && <Authority />}
      </SpaceBetween>
    </Container>
  );
}

function Mode({ group }: { group: ReplicationGroup }) {
  const { common, group: text } = useText();
  const words = text.connectivity.tls;
  const mode = transitOf(group);
  const pending = pendingTransitOf(group);
  return (
    <KeyValuePairs
      columns={2}
      minColumnWidth={260}
      items={[
        {
          label: words.mode,
          value: (
            <>
              {common.transit[mode]}
              {pending && (
                <StatusIndicator type="in-progress">{words.changingTo(common.transit[pending])}</StatusIndicator>
              )}
              <Box variant="small" display="block">
                {words.meaning[mode]}
              </Box>
            </>
          ),
        },
        { label: text.facts.atRest, value: group.AtRestEncryptionEnabled ? common.enabled : common.disabled },
      ]}
    />
  );
}

/** Who signs the nodes' certificates. */
function Authority() {
  const words = useText().group.connectivity.tls;
  const ca = useQuery({ queryKey: ['ca'], queryFn: ({ signal }) => caFingerprint(signal) });
  return (
    <div>
      <Box variant="awsui-key-label">{words.fingerprint}</Box>
      <Box>
        <Copyable value={ca.data} code />
      </Box>
      <Box color="text-body-secondary">{words.hint}</Box>
    </div>
  );
}
