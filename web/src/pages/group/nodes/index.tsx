import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { useAccess } from '../../../data/group';
import { useMetrics } from '../../../data/metrics';
import { useText } from '../../../i18n';
import type { Task } from '../tasks/task';
import { useNodeColumns } from './columns';
import { type NodeRow, rowsOf } from './rows';

interface NodesProps {
  group: ReplicationGroup;
  onTask: (task: Task) => void;
}

/** The nodes of a group, how far each is, and what can be done to one. */
export function Nodes({ group, onTask }: NodesProps) {
  const { common, group: text } = useText();
  const id = group.ReplicationGroupId ?? '';
  const { data: access } = useAccess(id);
  const { data: metrics } = useMetrics(id);
  const [selectedId, setSelectedId] = useState<string>();
  const columns = useNodeColumns();
  const rows = rowsOf(group, access, metrics);
  const selected = rows.find((row) => row.id === selectedId);
  return (
    <Table
      trackBy="id"
      items={rows}
      columnDefinitions={columns}
      selectionType="single"
      selectedItems={selected ? [selected] : []}
      onSelectionChange={({ detail }) => setSelectedId(detail.selectedItems[0]?.id)}
      ariaLabels={{
        tableLabel: text.tabs.nodes,
        selectionGroupLabel: text.chooseNode,
        itemSelectionLabel: (_, row) => row.id,
      }}
      header={
        <Header
          variant="h2"
          counter={`(${rows.length})`}
          description={text.nodesHint}
          actions={<NodeActions selected={selected} onTask={onTask} />}
        >
          {text.tabs.nodes}
        </Header>
      }
      empty={common.none}
    />
  );
}

function NodeActions({ selected, onTask }: { selected: NodeRow | undefined; onTask: (task: Task) => void }) {
  const { group: text } = useText();
  const { tasks } = text;
  const ofNode = ['promote', 'reboot', 'removeReplica'] as const;
  const onPrimary = selected?.role === 'primary';
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => onTask({ kind: 'testFailover' })}>{tasks.testFailover.title}</Button>
      <ButtonDropdown
        disabled={!selected}
        disabledReason={text.chooseNode}
        items={ofNode.map((kind) => {
          const never = onPrimary && kind !== 'reboot';
          return { id: kind, text: tasks[kind].title, disabled: never, disabledReason: text.isPrimary };
        })}
        onItemClick={({ detail }) => {
          const kind = ofNode.find((k) => k === detail.id);
          if (kind && selected) onTask({ kind, node: selected.id });
        }}
      >
        {text.actions}
      </ButtonDropdown>
      <Button variant="primary" onClick={() => onTask({ kind: 'addReplica' })}>
        {tasks.addReplica.title}
      </Button>
    </SpaceBetween>
  );
}
