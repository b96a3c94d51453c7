import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Access } from '../../../api/own';
import { useFormats, useText } from '../../../i18n';
import { nothing } from '../../../i18n/format';
import { href, paths } from '../../../paths';
import { useFollow } from '../../../shell/follow';

/** Whether a token is asked for, and where to change that. */
export function AccessControl({ group, access }: { group: ReplicationGroup; access: Access | undefined }) {
  const { common, group: text } = useText();
  const words = text.connectivity;
  const formats = useFormats();
  const follow = useFollow();
  const id = group.ReplicationGroupId ?? '';
  const withoutToken = access?.Credentials.some((c) => c.Fingerprint === 'NONE');
  const actions = (
    <SpaceBetween direction="horizontal" size="xs">
      <Button href={href(paths.modify(id))} onFollow={follow}>
        {common.modify}
      </Button>
      <Button href={href(paths.rotation(id))} onFollow={follow}>
        {text.rotate}
      </Button>
    </SpaceBetween>
  );
  const status = group.PendingModifiedValues?.AuthTokenStatus;
  return (
    <Container
      header={
        <Header variant="h2" actions={actions}>
          {words.accessControl}
        </Header>
      }
    >
      <KeyValuePairs
        columns={4}
        items={[
          { label: words.accessControl, value: group.AuthTokenEnabled ? words.auth : words.noAccessControl },
          {
            label: words.withoutToken,
            value:
              access === undefined ? (
                nothing
              ) : (
                <StatusIndicator type={withoutToken ? 'warning' : 'success'}>
                  {withoutToken ? words.accepted : words.refused}
                </StatusIndicator>
              ),
          },
          { label: words.lastModified, value: formats.dateTime(group.AuthTokenLastModifiedDate) },
          { label: words.change, value: status ? (words.changing[status] ?? status) : common.none },
        ]}
      />
    </Container>
  );
}
