import type { Tag } from '@aws-sdk/client-elasticache';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { TagRow } from '../../../cache/tags';
import { Problem } from '../../../components/problem';
import { useTags } from '../../../data/group';
import { useText } from '../../../i18n';
import { nothing } from '../../../i18n/format';
import { TagsForm } from './form';
import { OwnTags } from './own';

const rowOf = ({ Key: key = '', Value: value = '' }: Tag): TagRow => ({ key, value });

/** The labels of a cache; some of them tell aikagi how to treat it. */
export function Tags({ id, arn }: { id: string; arn: string | undefined }) {
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
        <TagsTable rows={rows} loading={!tags} onEdit={() => setBefore(rows)} />
      )}
      <OwnTags />
    </SpaceBetween>
  );
}

function TagsTable({ rows, loading, onEdit }: { rows: TagRow[]; loading: boolean; onEdit: () => void }) {
  const { common, group: text } = useText();
  const words = text.tagsOf;
  const actions = (
    <Button onClick={onEdit} disabled={loading}>
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
      columnDefinitions={[
        { id: 'key', header: words.key, cell: (row) => row.key, isRowHeader: true },
        { id: 'value', header: words.value, cell: (row) => row.value || nothing },
      ]}
      empty={<Box textAlign="center">{words.none}</Box>}
    />
  );
}
