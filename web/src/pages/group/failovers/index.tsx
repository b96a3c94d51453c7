import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { Failover } from '../../../api/own';
import { labelled } from '../../../components/labelled';
import { Problem } from '../../../components/problem';
import { useFailovers } from '../../../data/detail';
import { useFormats, useText } from '../../../i18n';
import { nothing } from '../../../i18n/format';
import { FailoverTimeline } from './timeline';
import { useLossWords, useMilliseconds } from './words';

/** The receipts of a group's failovers, and how the chosen one went. */
export function Failovers({ id }: { id: string }) {
  const { common, group: text } = useText();
  const { data: receipts = [], error, isPending, refetch } = useFailovers(id);
  const columns = useColumns();
  const [chosen, setChosen] = useState<string>();
  const { items, collectionProps, paginationProps } = useCollection(receipts, { pagination: { pageSize: 10 } });
  const shown = receipts.find((f) => f.FailoverId === chosen) ?? receipts[0];
  if (error && !receipts.length) return <Problem error={error} header={common.failedToLoad} onRetry={refetch} />;
  return (
    <SpaceBetween size="l">
      <Table
        {...collectionProps}
        trackBy="FailoverId"
        items={items}
        columnDefinitions={columns}
        loading={isPending}
        loadingText={common.loading}
        selectionType="single"
        selectedItems={shown ? [shown] : []}
        onSelectionChange={({ detail }) => setChosen(detail.selectedItems[0]?.FailoverId)}
        ariaLabels={{
          tableLabel: text.tabs.failovers,
          selectionGroupLabel: text.failovers.choose,
          itemSelectionLabel: (_, f) => text.failovers.fromTo(f.FromCacheClusterId, f.ToCacheClusterId),
        }}
        pagination={receipts.length > 10 && <Pagination {...paginationProps} />}
        header={
          <Header variant="h2" counter={`(${receipts.length})`} description={text.failovers.hint}>
            {text.tabs.failovers}
          </Header>
        }
        empty={<Box textAlign="center">{text.failovers.none}</Box>}
      />
      {shown && <FailoverTimeline failover={shown} />}
    </SpaceBetween>
  );
}

function useColumns(): TableProps.ColumnDefinition<Failover>[] {
  const { failovers } = useText().group;
  const formats = useFormats();
  const milliseconds = useMilliseconds();
  const loss = useLossWords();
  const { columns } = failovers;
  return labelled([
    { id: 'when', header: columns.when, cell: (f) => formats.dateTime(f.DetectedAt), isRowHeader: true },
    { id: 'cause', header: columns.cause, cell: (f) => failovers.cause[f.Cause] ?? f.Cause },
    {
      id: 'from',
      header: columns.fromTo,
      cell: (f) => failovers.fromTo(f.FromCacheClusterId, f.ToCacheClusterId),
    },
    { id: 'status', header: columns.status, cell: (f) => failovers.status[f.Status] ?? f.Status },
    {
      id: 'write',
      header: columns.write,
      cell: (f) =>
        f.WriteAcceptedMicroseconds === undefined ? nothing : milliseconds(f.WriteAcceptedMicroseconds / 1000),
    },
    { id: 'loss', header: columns.loss, cell: loss },
  ]);
}
