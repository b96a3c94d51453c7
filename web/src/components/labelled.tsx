import type { TableProps } from '@cloudscape-design/components/table';

/**
 * Columns whose cells know their header: a narrow screen has a table's rows below each other, each cell
 * on a line of its own (console.css), where nothing is cut off.
 */
export const labelled = <T,>(columns: TableProps.ColumnDefinition<T>[]): TableProps.ColumnDefinition<T>[] =>
  columns.map((column) => ({
    ...column,
    cell: (item: T) => (
      <div className="cell" data-label={column.isRowHeader ? undefined : String(column.header)}>
        <div>{column.cell(item)}</div>
      </div>
    ),
  }));
