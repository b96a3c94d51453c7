import type { Tag } from '@aws-sdk/client-elasticache';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { Answer } from '../../../cache/offers';
import type { TagRow } from '../../../cache/tags';
import { labelled } from '../../../components/labelled';
import { Problem } from '../../../components/problem';
import { useTags } from '../../../data/group';
import { useText } from '../../../i18n';
import { nothing } from '../../../i18n/format';
import { TagsForm } from './form';
import { OwnTags } from './own';

const rowOf = ({ Key: key = '', Value: value = '' }: Tag): TagRow => ({ key, value });

interface TagsProps {
  id: string;
  arn: string | undefined;
  obstacle: Answer; // to a change
}

/** The labels of a cache; some of them tell aikagi how to treat it. */
export function Tags({ id, arn, obstacle }: TagsProps) {
  const { common } = useText();
  const { data: tags, error, refetch } = useTags(id, arn);
  const [before, setBefore] = useState<TagRow[]>(); // while they are edited, as they were when that began
  if (error && !tags) return <Problem error={error} header={common.failedToLoad} onRetry={refetch} />;
  const rows = (tags ?? []).map(rowOf);
  return (
    <SpaceBetween size="l">
      {before ? (
        <TagsForm id={id} arn={arn ?? ''} before={before} onClose={() => setBefore(undefined)} />
      ) : (
        <TagsTable rows={rows} loading={!tags} obstacle={obstacle} onEdit={() => setBefore(rows)} />
      )}
      <OwnTags />
    </SpaceBetween>
  );
}

interface TagsTableProps {
  rows: TagRow[];
  loading: boolean;
  obstacle: Answer;
  onEdit: () => void;
}

function TagsTable({ rows, loading, obstacle, onEdit }: TagsTableProps) {
  const { common, group: text, offers } = useText();
  const words = text.tagsOf;
  const actions = (
    <Button onClick={onEdit} disabled={loading || obstacle !== undefined} disabledReason={obstacle && offers[obstacle]}>
      {words.edit}
    </Button>
  );
  return (
    <Table
      trackBy="key"
      items={rows}
      loading={loading}
      loadingText={common.loading}
      ariaLabels={{ tableLabel: text.tabs.tags }}
      header={
        <Header variant="h2" counter={`(${rows.length})`} actions={actions}>
          {text.tabs.tags}
        </Header>
      }
      columnDefinitions={labelled<TagRow>([
        { id: 'key', header: words.key, cell: (row) => row.key, isRowHeader: true },
        { id: 'value', header: words.value, cell: (row) => row.value || nothing },
      ])}
      empty={<Box textAlign="center">{words.none}</Box>}
    />
  );
}
