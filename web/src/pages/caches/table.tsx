import { useCollection } from '@cloudscape-design/collection-hooks';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useMemo, useState } from 'react';
import { DeleteDialog } from '../../components/delete-dialog';
import { useTopHeight } from '../../components/top-height';
import { useFormats, useText } from '../../i18n';
import { Actions } from './actions';
import { columnsOf } from './columns';
import { Empty, NoMatch } from './empty';
import { type Filter, noFilter, passes } from './filter';
import { Filters } from './filters';
import { Passwordless } from './passwordless';
import { usePreferences } from './preferences';
import { PreferencesButton } from './preferences-dialog';
import type { Row } from './rows';

interface CachesTableProps {
  rows: Row[];
  loading: boolean;
}

/** The list. */
export function CachesTable({ rows, loading }: CachesTableProps) {
  const text = useText();
  const formats = useFormats();
  const topHeight = useTopHeight();
  const [preferences, setPreferences] = usePreferences();
  const [deleting, setDeleting] = useState<Row[]>([]);
  const { selected, select, clear } = useSelection(rows);
  const { list, filter, setFilter, matches } = useFiltered(rows, preferences.pageSize);
  const columns = useMemo(() => columnsOf(text, formats), [text, formats]);
  const total = selected.length > 0 ? `(${selected.length}/${rows.length})` : `(${rows.length})`;
  return (
    <SpaceBetween size="m">
      <Passwordless rows={rows} onShowAll={() => setFilter({ ...noFilter, access: 'passwordless' })} />
      <Table
        {...list.collectionProps}
        items={list.items}
        columnDefinitions={columns}
        columnDisplay={preferences.contentDisplay}
        wrapLines={preferences.wrapLines}
        variant="full-page"
        stickyHeader
        stickyHeaderVerticalOffset={topHeight}
        resizableColumns
        enableKeyboardNavigation
        trackBy="id"
        selectionType="multi"
        selectedItems={selected}
        onSelectionChange={({ detail }) => select(detail.selectedItems)}
        empty={rows.length === 0 ? <Empty /> : <NoMatch onClear={() => setFilter(noFilter)} />}
        loading={loading}
        loadingText={text.caches.loading}
        ariaLabels={{
          tableLabel: text.common.caches,
          selectionGroupLabel: text.caches.selection,
          allItemsSelectionLabel: () => text.caches.selectAll,
          itemSelectionLabel: (_, row) => text.caches.select(row.id),
        }}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={loading ? undefined : total}
            actions={<Actions selected={selected} onDelete={() => setDeleting(selected)} />}
          >
            {text.common.caches}
          </Header>
        }
        filter={<Filters rows={rows} filter={filter} matches={matches} onChange={setFilter} />}
        pagination={<Pagination {...list.paginationProps} />}
        preferences={<PreferencesButton value={preferences} onChange={setPreferences} />}
      />
      {deleting.length > 0 && <DeleteDialog caches={deleting} onClose={() => setDeleting([])} onDeleted={clear} />}
    </SpaceBetween>
  );
}

function useFiltered(rows: Row[], pageSize: number) {
  const [filter, setFilter] = useState(noFilter);
  const matching = useMemo(() => rows.filter(passes(filter)), [rows, filter]);
  const list = useCollection(matching, {
    pagination: { pageSize },
    sorting: { defaultState: { sortingColumn: { sortingField: 'id' } } },
  });
  const change = (next: Filter) => {
    setFilter(next);
    list.actions.setCurrentPage(1);
  };
  return { list, filter, setFilter: change, matches: matching.length };
}

/** Selects by id: what is known of a cache changes while it is selected, and it may go. */
function useSelection(rows: Row[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const selected = useMemo(() => (ids.size > 0 ? rows.filter((row) => ids.has(row.id)) : []), [rows, ids]);
  const select = (items: Row[]) => setIds(new Set(items.map(({ id }) => id)));
  return { selected, select, clear: () => select([]) };
}
