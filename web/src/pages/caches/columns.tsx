import type { TableProps } from '@cloudscape-design/components/table';
import { labelled } from '../../components/labelled';
import type { Dictionary } from '../../i18n/en';
import { type Formats, nothing } from '../../i18n/format';
import { AccessCell, NameCell, StatusCell } from './cells';
import type { ColumnId } from './preferences';
import type { Row } from './rows';

// A table knows the column that it is sorted by by its comparator, also in another language.
const byEngine = (a: Row, b: Row) => a.engine.localeCompare(b.engine, 'en', { numeric: true });
const byCreation = (a: Row, b: Row) => (a.created?.getTime() ?? 0) - (b.created?.getTime() ?? 0);

export function columnsOf({ caches }: Dictionary, formats: Formats): TableProps.ColumnDefinition<Row>[] {
  const header = (id: ColumnId) => ({ id, header: caches.column[id] });
  return labelled([
    {
      ...header('id'),
      cell: (row) => <NameCell row={row} />,
      sortingField: 'id',
      isRowHeader: true,
      minWidth: 140,
      width: 175,
    },
    {
      ...header('status'),
      cell: (row) => <StatusCell row={row} />,
      sortingField: 'statusText',
      minWidth: 110,
      width: 130,
    },
    {
      ...header('access'),
      cell: (row) => <AccessCell row={row} />,
      sortingField: 'accessText',
      minWidth: 200,
      width: 230,
    },
    {
      ...header('engine'),
      cell: (row) => row.engine || nothing,
      sortingComparator: byEngine,
      minWidth: 110,
      width: 150,
    },
    { ...header('nodes'), cell: (row) => formats.number(row.nodes), sortingField: 'nodes', minWidth: 110, width: 120 },
    { ...header('tls'), cell: (row) => row.tls, sortingField: 'tls', minWidth: 110, width: 150 },
    {
      ...header('endpoint'),
      cell: (row) => row.endpoint || nothing,
      sortingField: 'endpoint',
      minWidth: 180,
      width: 195,
    },
    { ...header('nodeType'), cell: (row) => row.nodeType, sortingField: 'nodeType', minWidth: 150 },
    {
      ...header('created'),
      cell: (row) => formats.dateTime(row.created),
      sortingComparator: byCreation,
      minWidth: 190,
    },
    {
      ...header('description'),
      cell: (row) => row.description || nothing,
      sortingField: 'description',
      minWidth: 200,
    },
  ]);
}
