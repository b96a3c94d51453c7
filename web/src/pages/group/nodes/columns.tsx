import type { TableProps } from '@cloudscape-design/components/table';
import { Copyable } from '../../../components/copy';
import { labelled } from '../../../components/labelled';
import { useFormats, useText } from '../../../i18n';
import { nothing } from '../../../i18n/format';
import type { NodeRow } from './rows';
import { NodeStatus } from './troubles';

export function useNodeColumns(): TableProps.ColumnDefinition<NodeRow>[] {
  const { common, group: text } = useText();
  const formats = useFormats();
  const { columns } = text;
  return labelled([
    { id: 'id', header: text.node, cell: (row) => row.id, isRowHeader: true },
    { id: 'role', header: columns.role, cell: (row) => common.role[row.role] ?? row.role },
    { id: 'status', header: columns.status, cell: (row) => <NodeStatus row={row} /> },
    { id: 'zone', header: columns.zone, cell: (row) => row.zone || nothing },
    { id: 'endpoint', header: columns.endpoint, cell: (row) => <Copyable value={row.endpoint} /> },
    {
      id: 'lag',
      header: columns.lag,
      cell: (row) => {
        if (row.role === 'primary') return nothing;
        const behind = formats.bytes(row.lagBytes);
        // An idle replica's last word is always a moment old.
        return row.lagBytes && row.lagSeconds ? text.lag(behind, formats.duration(row.lagSeconds)) : behind;
      },
    },
    { id: 'memory', header: columns.memory, cell: (row) => formats.bytes(row.memory) },
    { id: 'connections', header: columns.connections, cell: (row) => formats.number(row.connections) },
  ]);
}
