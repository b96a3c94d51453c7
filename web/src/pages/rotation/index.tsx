import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Header from '@cloudscape-design/components/header';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useEffect, useState } from 'react';
import { isNotFound } from '../../api/error';
import type { Access, Rotation } from '../../api/own';
import { transitOf } from '../../cache/transit';
import { Gone } from '../../components/gone';
import { Problem } from '../../components/problem';
import { useAccess, useGroup, useTransitUsage, useUsage } from '../../data/group';
import { useMetrics } from '../../data/metrics';
import { useText } from '../../i18n';
import { paths } from '../../paths';
import { Page } from '../../shell';
import { Actions } from './actions';
import { Ended } from './ended';
import { Idle } from './idle';
import { isSecuring } from './progress';
import { UnderWay } from './under-way';
import { sentenceOf, useWords } from './words';

/** The guided rotation of a group's token: begun, watched, and over. */
export default function RotationPage({ id }: { id: string }) {
  const words = useWords();
  const { text } = words;
  const access = useAccess(id);
  const group = useGroup(id);
  const usage = useUsage(id);
  const metrics = useMetrics(id); // asking has the group sampled, and each sample refreshes the usage
  const [watched, close] = useWatched(access.data);
  const rotation = access.data?.Rotation ?? watched;
  const transit = useTransitUsage(id, rotation !== undefined && !rotation.Over && isSecuring(rotation));
  if (isNotFound(access.error)) return <Gone id={id} />;
  const secures = rotation ? rotation.Secure : group.data !== undefined && transitOf(group.data) !== 'required';
  const about = secures ? text.secure : text;
  const title = `${rotation ? text.state[rotation.State] : about.title} – ${id}`;
  const crumbs = [
    { text: id, path: paths.group(id) },
    { text: about.title, path: paths.rotation(id) },
  ];
  return (
    <Page title={title} crumbs={crumbs} contentType={rotation ? 'dashboard' : 'form'}>
      <SpaceBetween size="l">
        <Header
          variant="h1"
          description={rotation ? undefined : about.intro}
          actions={
            rotation &&
            !rotation.Over && <Actions rotation={rotation} known={{ usage: usage.data, transit: transit.data }} />
          }
        >
          {about.heading(id)}
        </Header>
        {/* The state only: numbers change every other second. */}
        <LiveRegion hidden>{rotation && `${text.state[rotation.State]}. ${sentenceOf(rotation, words)}`}</LiveRegion>
        {access.data && usage.error && (
          <Problem error={usage.error} header={text.figures.unread} onRetry={usage.refetch} />
        )}
        {access.data && transit.error && (
          <Problem error={transit.error} header={text.secure.figures.unread} onRetry={transit.refetch} />
        )}
        {access.data && group.data ? (
          view(access.data, group.data, rotation)
        ) : (
          <Unread error={access.error ?? group.error} retry={() => Promise.all([access.refetch(), group.refetch()])} />
        )}
      </SpaceBetween>
    </Page>
  );

  function view(access: Access, group: ReplicationGroup, rotation: Rotation | undefined) {
    if (!rotation) {
      return <Idle access={access} usage={usage.data} group={group} />;
    }
    if (rotation.Over) return <Ended access={access} rotation={rotation} usage={usage.data} onClose={close} />;
    return <UnderWay access={access} rotation={rotation} usage={usage} transit={transit} metrics={metrics.data} />;
  }
}

function Unread({ error, retry }: { error: unknown; retry(): void }) {
  const { common } = useText();
  if (error) return <Problem error={error} header={common.failedToLoad} onRetry={retry} />;
  return <StatusIndicator type="loading">{common.loading}</StatusIndicator>;
}

/** The rotation that was under way here and is over now, until that was taken note of. */
function useWatched(access: Access | undefined): [Rotation | undefined, () => void] {
  const [seen, setSeen] = useState('');
  const underWay = access?.Rotation?.RotationId;
  useEffect(() => {
    if (underWay) setSeen(underWay);
  }, [underWay]);
  const last = access?.LastRotation;
  return [last?.RotationId === seen ? last : undefined, () => setSeen('')];
}
