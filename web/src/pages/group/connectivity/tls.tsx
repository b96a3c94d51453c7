import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { Copyable } from '../../../components/copy';
import { useText } from '../../../i18n';
import { caFingerprint, caPath } from './ca';

/** Encryption in transit, and whom to trust for it. */
export function Tls({ group }: { group: ReplicationGroup }) {
  const { common, group: text } = useText();
  const words = text.connectivity.tls;
  const on = group.TransitEncryptionEnabled ?? false;
  const ca = useQuery({ queryKey: ['ca'], queryFn: ({ signal }) => caFingerprint(signal), enabled: on });
  const download = (
    <Button href={caPath} download="aikagi-ca.pem" iconName="download">
      {words.download}
    </Button>
  );
  return (
    <Container
      header={
        <Header variant="h2" actions={on && download}>
          {text.facts.inTransit}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={3}
          items={[
            { label: text.facts.inTransit, value: on ? common.enabled : common.disabled },
            { label: words.mode, value: on ? words.required : words.off },
            { label: text.facts.atRest, value: group.AtRestEncryptionEnabled ? common.enabled : common.disabled },
          ]}
        />
        {on && (
          <div>
            <Box variant="awsui-key-label">{words.fingerprint}</Box>
            <Box>
              <Copyable value={ca.data} code />
            </Box>
            <Box color="text-body-secondary">{words.hint}</Box>
          </div>
        )}
      </SpaceBetween>
    </Container>
  );
}
