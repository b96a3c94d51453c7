import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { failsOver } from '../../../cache/failover';
import { type Answer, against, againstNode, situationOf } from '../../../cache/offers';
import { Confirm } from '../../../components/confirm';
import { useChange } from '../../../data/detail';
import { useAccess } from '../../../data/group';
import { useText } from '../../../i18n';
import { useNotices } from '../../../shell/notices';
import { membersOf, perform, type Task } from './task';

interface TaskDialogProps {
  group: ReplicationGroup;
  task: Task;
  onClose: () => void;
}

/** Says what a task does, and has it done. An empty node is chosen here. */
export function TaskDialog({ group, task: asked, onClose }: TaskDialogProps) {
  const { group: text, offers } = useText();
  const { tasks } = text;
  const { tell } = useNotices();
  const [task, setTask] = useState(asked);
  const words = tasks[task.kind];
  const node = 'node' in task ? task.node : '';
  const { data: access } = useAccess(group.ReplicationGroupId ?? '');
  const situation = situationOf(group, access);
  const obstacle = 'node' in task ? againstNode(task.kind, node, situation) : against(task.kind, situation);
  const change = useChange(
    group.ReplicationGroupId ?? '',
    () => perform(group, task),
    () => {
      tell('success', words.done(node || (group.ReplicationGroupId ?? '')));
      onClose();
    },
  );
  return (
    <Confirm
      title={words.title}
      submit={words.submit}
      running={change.isPending}
      disabled={('node' in task && !node) || obstacle !== undefined}
      error={change.error}
      onSubmit={() => change.mutate(undefined)}
      onClose={onClose}
    >
      {'node' in asked && !asked.node ? (
        <NodeSelect
          group={group}
          node={node}
          obstacle={(id) => againstNode(asked.kind, id, situation)}
          onChange={(node) => setTask({ ...asked, node })}
        />
      ) : (
        <Box variant="strong">{node || group.ReplicationGroupId}</Box>
      )}
      <Effect group={group} task={task} />
      {obstacle && !change.isPending && <Alert type="warning">{offers[obstacle]}</Alert>}
    </Confirm>
  );
}

/** What will happen, for this group as it is. */
function Effect({ group, task }: { group: ReplicationGroup; task: Task }) {
  const { tasks } = useText().group;
  const automatic = failsOver(group);
  const members = membersOf(group);
  const ofPrimary = 'node' in task && members.find((m) => m.CacheClusterId === task.node)?.CurrentRole === 'primary';
  switch (task.kind) {
    case 'reboot':
      if (!ofPrimary) return <Box>{tasks.reboot.replica}</Box>;
      return <Box>{automatic && members.length > 1 ? tasks.reboot.primaryHandsOver : tasks.reboot.primary}</Box>;
    default:
      return <Box>{tasks[task.kind].effect}</Box>;
  }
}

interface NodeSelectProps {
  group: ReplicationGroup;
  node: string;
  obstacle: (node: string) => Answer;
  onChange: (node: string) => void;
}

function NodeSelect({ group, node, obstacle, onChange }: NodeSelectProps) {
  const text = useText();
  const options = membersOf(group).map(({ CacheClusterId = '', CurrentRole = '' }) => ({
    value: CacheClusterId,
    label: CacheClusterId,
    description: text.common.role[CurrentRole] ?? CurrentRole,
    disabled: obstacle(CacheClusterId) !== undefined,
  }));
  return (
    <FormField label={text.group.node}>
      <Select
        options={options}
        selectedOption={options.find((o) => o.value === node) ?? null}
        placeholder={text.group.tasks.chooseNode}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}
