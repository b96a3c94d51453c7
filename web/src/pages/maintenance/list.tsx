import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import Toggle from '@cloudscape-design/components/toggle';
import { useState } from 'react';
import { nextWindow, windowWords } from '../../cache/next-window';
import { against, toTakeBack } from '../../cache/offers';
import { useBlocked } from '../../components/blocked';
import { labelled } from '../../components/labelled';
import { Status } from '../../components/status';
import type { MaintenanceStep } from '../../data/maintenance';
import { useFormats, useLanguage } from '../../i18n';
import { nothing } from '../../i18n/format';
import { maintenanceWords } from '../../i18n/maintenance';
import { usePageText } from '../../i18n/page-text';
import { href, paths } from '../../paths';
import { useFollow } from '../../shell/follow';
import { type Line, matches } from './lines';
import { StepDialog } from './step-dialog';
import { Waits } from './waits';

const pageSize = 50;

/** Caches with their windows; at first those for which something waits. */
export function MaintenanceList({ lines }: { lines: Line[] }) {
  const words = usePageText(maintenanceWords);
  const [dueOnly, setDueOnly] = useState(true);
  const [asked, setAsked] = useState<{ line: Line; step: MaintenanceStep }>();
  const shown = dueOnly ? lines.filter(({ Due }) => Due) : lines;
  const { items, filterProps, filteredItemsCount, paginationProps } = useCollection(shown, {
    filtering: { filteringFunction: matches },
    pagination: { pageSize },
  });
  const columns = useColumns((line, step) => setAsked({ line, step }));
  const none = lines.length === 0 ? words.noCaches : words.none;
  return (
    <SpaceBetween size="l">
      <Header variant="h1" counter={`(${shown.length})`} description={words.intro}>
        {words.title}
      </Header>
      <SpaceBetween size="xs">
        <TextFilter
          {...filterProps}
          filteringPlaceholder={words.find}
          filteringAriaLabel={words.find}
          countText={words.matches(filteredItemsCount ?? 0)}
        />
        <Toggle checked={dueOnly} onChange={({ detail }) => setDueOnly(detail.checked)}>
          {words.dueOnly}
        </Toggle>
      </SpaceBetween>
      <Table
        wrapLines
        items={items}
        trackBy="CacheId"
        ariaLabels={{ tableLabel: words.table }}
        empty={shown.length === 0 ? none : words.noMatch}
        pagination={shown.length > pageSize && <Pagination {...paginationProps} />}
        columnDefinitions={columns}
      />
      {asked && <StepDialog {...asked} onClose={() => setAsked(undefined)} />}
    </SpaceBetween>
  );
}

type Ask = (line: Line, step: MaintenanceStep) => void;

function useColumns(onAsk: Ask): TableProps.ColumnDefinition<Line>[] {
  const words = usePageText(maintenanceWords);
  const { language } = useLanguage();
  const window = ({ Window }: Line) => {
    const next = nextWindow(Window, new Date());
    return next ? windowWords(next, language) : Window || nothing;
  };
  return labelled<Line>([
    {
      id: 'cache',
      header: words.cache,
      cell: ({ CacheId }) => <Name id={CacheId} />,
      isRowHeader: true,
      minWidth: 130,
    },
    { id: 'status', header: words.status, cell: ({ Status: status }) => <Status status={status} />, minWidth: 130 },
    { id: 'waits', header: words.waits, cell: (line) => <Waits line={line} /> },
    { id: 'window', header: words.window, cell: window },
    { id: 'opens', header: words.opens, cell: (line) => <Opens line={line} /> },
    { id: 'action', header: words.action, cell: (line) => <Steps line={line} onAsk={onAsk} />, minWidth: 150 },
  ]);
}

function Name({ id }: { id: string }) {
  const follow = useFollow();
  return (
    <Link href={href(paths.group(id))} onFollow={follow}>
      {id}
    </Link>
  );
}

function Opens({ line: { Open, OpensAt } }: { line: Line }) {
  const words = usePageText(maintenanceWords);
  const formats = useFormats();
  if (Open) return <b>{words.openNow}</b>;
  return (
    <>
      {formats.dateTime(OpensAt)}
      <Box variant="small" display="block">
        {formats.ago(OpensAt)}
      </Box>
    </>
  );
}

function Steps({ line, onAsk }: { line: Line; onAsk: Ask }) {
  const { start, cancel } = usePageText(maintenanceWords);
  const blocked = useBlocked();
  if (!line.Due) return <>{nothing}</>;
  const situation = { group: { Status: line.Status }, access: undefined, nodes: line.nodes };
  return (
    <SpaceBetween size="xs">
      <Button
        wrapText={false}
        ariaLabel={start.openOf(line.CacheId)}
        onClick={() => onAsk(line, 'start')}
        {...blocked(against('modify', situation))}
      >
        {start.open}
      </Button>
      <Button
        wrapText={false}
        ariaLabel={cancel.openOf(line.CacheId)}
        onClick={() => onAsk(line, 'cancel')}
        {...blocked(toTakeBack(situation))}
      >
        {cancel.open}
      </Button>
    </SpaceBetween>
  );
}
