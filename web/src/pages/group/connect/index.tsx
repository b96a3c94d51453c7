import type { CacheCluster } from '@aws-sdk/client-elasticache';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useState } from 'react';
import { Problem } from '../../../components/problem';
import { useAccess, useGroup } from '../../../data/group';
import { useText } from '../../../i18n';
import { Facts } from './facts';
import { Preparation } from './preparation';
import { Program } from './program';
import { type Client, clients } from './snippets';
import { isLoopback, type Targets, targetsOfCluster, targetsOfGroup, type Way } from './target';

interface ConnectProps {
  id: string;
  /** Given where it is in no group. */
  cluster?: CacheCluster;
}

/** How clients get into a cache. */
export function Connect({ id, cluster }: ConnectProps) {
  return cluster ? (
    <Content targets={targetsOfCluster(cluster)} status={cluster.CacheClusterStatus} />
  ) : (
    <OfGroup id={id} />
  );
}

function OfGroup({ id }: { id: string }) {
  const { common } = useText();
  const { data: group, error, refetch } = useGroup(id);
  const access = useAccess(id);
  if (error && !group) return <Problem error={error} header={common.failedToLoad} onRetry={refetch} />;
  if (!group || access.isLoading) {
    return (
      <Box textAlign="center" padding="xl">
        <Spinner /> {common.loading}
      </Box>
    );
  }
  // Without the credentials, what the original tells of a token is good enough.
  const targets = targetsOfGroup(group, access.data);
  return <Content targets={targets} status={group.Status} passwordless={access.data?.PasswordlessOpen ?? false} />;
}

interface ContentProps {
  targets: Targets;
  status: string | undefined;
  passwordless?: boolean;
}

function Content({ targets, status = '', passwordless = false }: ContentProps) {
  const { connect: text, common } = useText();
  return (
    <SpaceBetween size="l">
      <Header variant="h2" description={text.description}>
        {text.title}
      </Header>
      {targets.primary ? (
        <Ways targets={targets} passwordless={passwordless} />
      ) : (
        <Alert type="info">{text.noEndpoint(common.status[status] ?? status)}</Alert>
      )}
    </SpaceBetween>
  );
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
            <SpaceBetween size="xs">
              <SegmentedControl
                label={text.connect.way}
                selectedId={chosen}
                onChange={({ detail }) => setChosen(detail.selectedId as Way)}
                options={(['primary', 'reader'] as const).map((id) => ({ id, text: text.connect.ways[id].name }))}
              />
              <Box color="text-body-secondary">{text.connect.ways[chosen].detail}</Box>
            </SpaceBetween>
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
