import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useState } from 'react';
import { isNotFound } from '../../../api/error';
import { Problem } from '../../../components/problem';
import { useCluster } from '../../../data/detail';
import { useAccess, useGroup } from '../../../data/group';
import { useText } from '../../../i18n';
import { Facts } from './facts';
import { Preparation } from './preparation';
import { Program } from './program';
import { type Client, clients } from './snippets';
import { isLoopback, type Targets, targetsOfCluster, targetsOfGroup, type Way } from './target';

/** How clients get into a cache: a group, or a cache cluster that is in none. */
export default function Connect({ id }: { id: string }) {
  const text = useText();
  const { targets, status, passwordless, error, retry } = useTargets(id);
  if (!targets) {
    if (error) return <Problem error={error} header={text.common.failedToLoad} onRetry={retry} />;
    return (
      <Box textAlign="center" padding="xl">
        <Spinner /> {text.common.loading}
      </Box>
    );
  }
  return (
    <SpaceBetween size="l">
      <Header variant="h2" description={text.connect.description}>
        {text.connect.title}
      </Header>
      {targets.primary ? (
        <Ways targets={targets} passwordless={passwordless} />
      ) : (
        <Alert type="info">{text.connect.noEndpoint(text.common.status[status] ?? status)}</Alert>
      )}
    </SpaceBetween>
  );
}

/** Undefined targets are not known yet, or never. */
function useTargets(id: string) {
  const group = useGroup(id);
  const noGroup = isNotFound(group.error);
  const cluster = useCluster(id, noGroup);
  const access = useAccess(id);
  if (noGroup) {
    const { data, error, refetch } = cluster;
    const targets = data && targetsOfCluster(data);
    return { targets, status: data?.CacheClusterStatus ?? '', passwordless: false, error, retry: refetch };
  }
  return {
    // Without the credentials, what the original tells of a token is good enough.
    targets: group.data && !access.isLoading ? targetsOfGroup(group.data, access.data) : undefined,
    status: group.data?.Status ?? '',
    passwordless: access.data?.PasswordlessOpen ?? false,
    error: group.error,
    retry: group.refetch,
  };
}

function Ways({ targets, passwordless }: { targets: Targets; passwordless: boolean }) {
  const text = useText();
  const [chosen, setChosen] = useState<Way>('primary');
  const [client, setClient] = useState<Client>('redis-cli');
  const target = targets[chosen] ?? targets.primary; // the reader may be gone by now
  if (!target) return null;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h3">{text.connect.endpoint}</Header>}>
        <SpaceBetween size="l">
          {targets.reader && (
            <FormField label={text.connect.way} description={text.connect.ways[chosen].detail}>
              <SegmentedControl
                label={text.connect.way}
                selectedId={chosen}
                onChange={({ detail }) => setChosen(detail.selectedId as Way)}
                options={(['primary', 'reader'] as const).map((id) => ({ id, text: text.connect.ways[id].name }))}
              />
            </FormField>
          )}
          <Facts target={target} passwordless={passwordless} />
          {isLoopback(target.host) && <Alert type="info">{text.connect.loopback}</Alert>}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h3">{text.connect.client}</Header>}>
        <SpaceBetween size="l">
          <SegmentedControl
            label={text.connect.client}
            selectedId={client}
            onChange={({ detail }) => setClient(detail.selectedId as Client)}
            options={clients.map((id) => ({ id, text: text.connect.clients[id] }))}
          />
          <Preparation client={client} target={target} />
          <Program client={client} target={target} />
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
