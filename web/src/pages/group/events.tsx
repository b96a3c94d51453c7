import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import type { Event } from '../../api/own';
import { labelled } from '../../components/labelled';
import { Problem } from '../../components/problem';
import { type EventSource, type EventSpan, eventSpans, useEventsOf } from '../../data/detail';
import { Say, useTell } from '../../facts/use-tell';
import { useFormats, useText } from '../../i18n';

const pageSize = 25;

/** What happened to a cache and its nodes, as it happens. */
export function Events({ id, sources }: { id: string; sources: EventSource[] }) {
  const { common, group: text } = useText();
  const [span, setSpan] = useState<EventSpan>('all');
  const { data: events = [], error, isPending, refetch } = useEventsOf(id, sources, span);
  const columns = useColumns();
  const told = useTell();
  const { items, collectionProps, filterProps, filteredItemsCount, paginationProps } = useCollection(events, {
    filtering: {
      filteringFunction: (event, words) => matches(event, told(event.Fact, event.Message).words, words),
      noMatch: <Box textAlign="center">{text.events.noMatch}</Box>,
      empty: <Box textAlign="center">{text.events.none}</Box>,
    },
    pagination: { pageSize },
    sorting: {},
  });
  if (error && !events.length) return <Problem error={error} header={common.failedToLoad} onRetry={refetch} />;
  return (
    <Table
      {...collectionProps}
      items={items}
      columnDefinitions={columns}
      wrapLines
      loading={isPending}
      loadingText={common.loading}
      ariaLabels={{ tableLabel: text.tabs.events }}
      header={
        <Header variant="h2" counter={`(${events.length})`} description={text.events.hint}>
          {text.tabs.events}
        </Header>
      }
      filter={
        <SpaceBetween direction="horizontal" size="xs">
          <TextFilter
            {...filterProps}
            filteringPlaceholder={text.events.filter}
            filteringAriaLabel={text.events.filter}
            countText={text.events.matches(filteredItemsCount ?? 0)}
          />
          <SpanSelect span={span} onChange={setSpan} />
        </SpaceBetween>
      }
      pagination={events.length > pageSize && <Pagination {...paginationProps} />}
    />
  );
}

/** Whether every word is somewhere in an event, as it is told here or in English. */
export function matches({ Message, SourceIdentifier }: Event, told: string, words: string): boolean {
  const text = `${SourceIdentifier} ${told} ${Message}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function useColumns(): TableProps.ColumnDefinition<Event>[] {
  const { events } = useText().group;
  const formats = useFormats();
  return labelled([
    {
      id: 'date',
      header: events.date,
      cell: (e) => formats.dateTime(e.Date),
      sortingComparator: (a, b) => (a.Date?.getTime() ?? 0) - (b.Date?.getTime() ?? 0),
      minWidth: 230,
    },
    {
      id: 'source',
      header: events.source,
      cell: (e) => e.SourceIdentifier,
      sortingField: 'SourceIdentifier',
      minWidth: 130,
    },
    {
      id: 'type',
      header: events.type,
      cell: (e) => events.types[e.SourceType] ?? e.SourceType,
      sortingField: 'SourceType',
      minWidth: 170,
    },
    { id: 'message', header: events.message, cell: (e) => <Say fact={e.Fact} english={e.Message} />, minWidth: 320 },
  ]);
}

function SpanSelect({ span, onChange }: { span: EventSpan; onChange: (span: EventSpan) => void }) {
  const { events } = useText().group;
  const options = (Object.keys(eventSpans) as EventSpan[]).map((value) => ({ value, label: events.spans[value] }));
  return (
    <Select
      ariaLabel={events.span}
      options={options}
      selectedOption={options.find((o) => o.value === span) ?? null}
      onChange={({ detail }) => onChange(detail.selectedOption.value as EventSpan)}
    />
  );
}
