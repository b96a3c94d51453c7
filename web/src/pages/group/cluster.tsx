import { type CacheCluster, RebootCacheClusterCommand } from '@aws-sdk/client-elasticache';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { elasticache } from '../../api/elasticache';
import { against, againstNode, aloneIn, toForm } from '../../cache/offers';
import { useBlocked } from '../../components/blocked';
import { Confirm } from '../../components/confirm';
import { DeleteDialog } from '../../components/delete-dialog';
import { Status } from '../../components/status';
import { useChange } from '../../data/detail';
import { useText } from '../../i18n';
import { href, paths } from '../../paths';
import { Page } from '../../shell';
import { useFollow } from '../../shell/follow';
import { useNotices } from '../../shell/notices';
import { ClusterOverview } from './cluster-overview';
import { Connect } from './connect';
import { Events } from './events';
import { AddressPlan } from './move';
import { TabShell } from './tab-shell';
import { clusterTabs } from './tabs';
import { Tags } from './tags';
import { cacheNode } from './tasks/task';

type Asked = 'reboot' | 'delete' | undefined;

/** The page of a cache cluster that is in no group. */
export function ClusterPage({ cluster, tab }: { cluster: CacheCluster; tab: string | undefined }) {
  const text = useText();
  const id = cluster.CacheClusterId ?? '';
  const [asked, setAsked] = useState<Asked>();
  const [, navigate] = useLocation();
  const close = () => setAsked(undefined);
  const situation = aloneIn(cluster.CacheClusterStatus);
  const follow = useFollow();
  const blocked = useBlocked();
  const contents: Record<string, () => ReactNode> = {
    overview: () => (
      <SpaceBetween size="l">
        <ClusterOverview cluster={cluster} />
        <AddressPlan cache={{ id, kind: 'cluster' }} />
      </SpaceBetween>
    ),
    events: () => <Events id={id} sources={[{ id, type: 'cache-cluster' }]} />,
    tags: () => <Tags id={id} arn={cluster.ARN} obstacle={against('tag', situation)} />,
    connect: () => <Connect id={id} cluster={cluster} />,
  };
  const actions = (
    <SpaceBetween direction="horizontal" size="xs">
      <Button href={href(paths.modify(id))} onFollow={follow} {...blocked(toForm(situation))}>
        {text.common.modify}
      </Button>
      <ButtonDropdown
        items={[
          {
            id: 'reboot',
            text: text.group.tasks.reboot.title,
            ...blocked(againstNode('reboot', id, situation)),
          },
          { id: 'delete', text: text.common.delete, ...blocked(against('delete', situation)) },
        ]}
        onItemClick={({ detail }) => setAsked(detail.id as Asked)}
      >
        {text.group.actions}
      </ButtonDropdown>
    </SpaceBetween>
  );
  return (
    <Page title={id} crumbs={[{ text: id, path: paths.group(id) }]}>
      <SpaceBetween size="l">
        <Header
          variant="h1"
          info={<Status status={cluster.CacheClusterStatus} />}
          description={text.group.standalone}
          actions={actions}
        >
          {id}
        </Header>
        <TabShell id={id} tabs={clusterTabs} tab={tab} contents={contents} />
      </SpaceBetween>
      {asked === 'reboot' && <RebootDialog id={id} onClose={close} />}
      {asked === 'delete' && (
        <DeleteDialog caches={[{ id, kind: 'cluster' }]} onClose={close} onDeleted={() => navigate(paths.caches)} />
      )}
    </Page>
  );
}

function RebootDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { reboot } = useText().group.tasks;
  const { tell } = useNotices();
  const change = useChange(
    id,
    () => elasticache.send(new RebootCacheClusterCommand({ CacheClusterId: id, CacheNodeIdsToReboot: [cacheNode] })),
    () => {
      tell('success', reboot.done(id));
      onClose();
    },
  );
  return (
    <Confirm
      title={reboot.title}
      submit={reboot.submit}
      running={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate(undefined)}
      onClose={onClose}
    >
      <Box variant="strong">{id}</Box>
      <Box>{reboot.primary}</Box>
    </Confirm>
  );
}
