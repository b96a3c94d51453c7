import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { against, againstNode, type Situation, situationOf } from '../../../cache/offers';
import { useBlocked } from '../../../components/blocked';
import { useAccess } from '../../../data/group';
import { useMetrics } from '../../../data/metrics';
import { useText } from '../../../i18n';
import type { Task } from '../tasks/task';
import { useNodeColumns } from './columns';
import { type NodeRow, rowsOf } from './rows';
import { Troubles } from './troubles';

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
    <SpaceBetween size="m">
      <Troubles rows={rows} />
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
            actions={<NodeActions selected={selected} situation={situationOf(group, access)} onTask={onTask} />}
          >
            {text.tabs.nodes}
          </Header>
        }
        empty={common.none}
      />
    </SpaceBetween>
  );
}

interface NodeActionsProps {
  selected: NodeRow | undefined;
  situation: Situation;
  onTask: (task: Task) => void;
}

function NodeActions({ selected, situation, onTask }: NodeActionsProps) {
  const { group: text } = useText();
  const blocked = useBlocked();
  const { tasks } = text;
  const ofNode = ['promote', 'reboot', 'removeReplica'] as const;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => onTask({ kind: 'testFailover' })} {...blocked(against('testFailover', situation))}>
        {tasks.testFailover.title}
      </Button>
      <ButtonDropdown
        disabled={!selected}
        disabledReason={text.chooseNode}
        items={ofNode.map((kind) => ({
          id: kind,
          text: tasks[kind].title,
          ...blocked(selected && againstNode(kind, selected.id, situation)),
        }))}
        onItemClick={({ detail }) => {
          const kind = ofNode.find((k) => k === detail.id);
          if (kind && selected) onTask({ kind, node: selected.id });
        }}
      >
        {text.actions}
      </ButtonDropdown>
      <Button
        variant="primary"
        onClick={() => onTask({ kind: 'addReplica' })}
        {...blocked(against('addReplica', situation))}
      >
        {tasks.addReplica.title}
      </Button>
    </SpaceBetween>
  );
}
