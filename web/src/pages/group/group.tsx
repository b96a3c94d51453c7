import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { against, againstNode, situationOf, toForm, toRotation } from '../../cache/offers';
import { transitOf } from '../../cache/transit';
import { useBlocked } from '../../components/blocked';
import { DeleteDialog } from '../../components/delete-dialog';
import { Status } from '../../components/status';
import { useAccess } from '../../data/group';
import { useText } from '../../i18n';
import { href, paths } from '../../paths';
import { Page } from '../../shell';
import { useFollow } from '../../shell/follow';
import { Alerts } from './alerts';
import { Connect } from './connect';
import { Connectivity } from './connectivity';
import { Events } from './events';
import { Failovers } from './failovers';
import { Maintenance } from './maintenance';
import { Metrics } from './metrics';
import { Nodes } from './nodes';
import { Overview } from './overview';
import { TabShell } from './tab-shell';
import { groupTabs, type Tab } from './tabs';
import { Tags } from './tags';
import { TaskDialog } from './tasks/dialog';
import { membersOf, type Task } from './tasks/task';

/** The page of a replication group. */
export function GroupPage({ group, tab }: { group: ReplicationGroup; tab: string | undefined }) {
  const id = group.ReplicationGroupId ?? '';
  const [task, setTask] = useState<Task>();
  const [deleting, setDeleting] = useState(false);
  const [, navigate] = useLocation();
  const sources = [
    { id, type: 'replication-group' as const },
    ...membersOf(group).map((m) => ({ id: m.CacheClusterId ?? '', type: 'cache-cluster' as const })),
  ];
  const contents: Record<Tab, () => ReactNode> = {
    overview: () => <Overview group={group} />,
    nodes: () => <Nodes group={group} onTask={setTask} />,
    connectivity: () => <Connectivity group={group} />,
    metrics: () => <Metrics id={id} />,
    events: () => <Events id={id} sources={sources} />,
    failovers: () => <Failovers id={id} />,
    maintenance: () => <Maintenance group={group} />,
    tags: () => <Tags id={id} arn={group.ARN} obstacle={against('tag', situationOf(group, undefined))} />,
    connect: () => <Connect id={id} />,
  };
  return (
    <Page title={id} crumbs={[{ text: id, path: paths.group(id) }]}>
      <SpaceBetween size="l">
        <GroupHeader group={group} onTask={setTask} onDelete={() => setDeleting(true)} />
        <Alerts group={group} />
        <TabShell id={id} tabs={groupTabs} tab={tab} contents={contents} />
      </SpaceBetween>
      {task && <TaskDialog group={group} task={task} onClose={() => setTask(undefined)} />}
      {deleting && (
        <DeleteDialog
          caches={[{ id, kind: 'group' }]}
          onClose={() => setDeleting(false)}
          onDeleted={() => navigate(paths.caches)}
        />
      )}
    </Page>
  );
}

interface GroupHeaderProps {
  group: ReplicationGroup;
  onTask: (task: Task) => void;
  onDelete: () => void;
}

function GroupHeader({ group, onTask, onDelete }: GroupHeaderProps) {
  const text = useText();
  const follow = useFollow();
  const id = group.ReplicationGroupId ?? '';
  const { tasks } = text.group;
  const { data: access } = useAccess(id);
  const situation = situationOf(group, access);
  const members = membersOf(group).map((m) => againstNode('reboot', m.CacheClusterId ?? '', situation));
  const reboot = members.every(Boolean) ? members[0] : undefined; // else there is one to choose
  const blocked = useBlocked();
  const act = (item: string) => {
    if (item === 'testFailover' || item === 'addReplica') onTask({ kind: item });
    else if (item === 'reboot') onTask({ kind: item, node: '' });
    else onDelete();
  };
  const actions = (
    <SpaceBetween direction="horizontal" size="xs">
      <Button href={href(paths.modify(id))} onFollow={follow} {...blocked(toForm(situation))}>
        {text.common.modify}
      </Button>
      <Button href={href(paths.rotation(id))} onFollow={follow} {...blocked(toRotation(situation))}>
        {transitOf(group) === 'required' ? text.group.rotate : text.group.secure}
      </Button>
      <ButtonDropdown
        items={[
          {
            id: 'testFailover',
            text: tasks.testFailover.title,
            ...blocked(against('testFailover', situation)),
          },
          { id: 'reboot', text: tasks.reboot.menu, ...blocked(reboot) },
          { id: 'addReplica', text: tasks.addReplica.title, ...blocked(against('addReplica', situation)) },
          { id: 'delete', text: text.common.delete, ...blocked(against('delete', situation)) },
        ]}
        onItemClick={({ detail }) => act(detail.id)}
      >
        {text.group.actions}
      </ButtonDropdown>
    </SpaceBetween>
  );
  return (
    <Header variant="h1" info={<Status status={group.Status} />} description={group.Description} actions={actions}>
      {id}
    </Header>
  );
}
