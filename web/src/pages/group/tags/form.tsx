import { AddTagsToResourceCommand, RemoveTagsFromResourceCommand } from '@aws-sdk/client-elasticache';
import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useState } from 'react';
import { elasticache } from '../../../api/elasticache';
import { changesOf, problemOf, type TagChanges, type TagRow } from '../../../cache/tags';
import { Problem } from '../../../components/problem';
import { useChange } from '../../../data/detail';
import { useText } from '../../../i18n';
import { useNotices } from '../../../shell/notices';

const tagsMax = 50;

interface TagsFormProps {
  id: string;
  arn: string;
  before: TagRow[];
  onClose: () => void;
}

/** Changes tags. What others change meanwhile stays: only the difference is asked for. */
export function TagsForm({ id, arn, before, onClose }: TagsFormProps) {
  const { common, group: text } = useText();
  const { tell } = useNotices();
  const [rows, setRows] = useState(before);
  const [tried, setTried] = useState(false);
  const save = useChange(
    id,
    (changes: TagChanges) => saveTags(arn, changes),
    () => {
      tell('success', text.tagsOf.saved(id));
      onClose();
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (rows.some((_, i) => problemOf(rows, i))) return;
    save.mutate(changesOf(before, rows));
  };
  return (
    <form onSubmit={submit}>
      <Container header={<Header variant="h2">{text.tagsOf.edit}</Header>}>
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={onClose}>
                {common.cancel}
              </Button>
              <Button variant="primary" loading={save.isPending}>
                {common.save}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            <Rows rows={rows} tried={tried} onChange={setRows} />
            {save.error && <Problem error={save.error} />}
          </SpaceBetween>
        </Form>
      </Container>
    </form>
  );
}

interface RowsProps {
  rows: TagRow[];
  tried: boolean;
  onChange: (rows: TagRow[]) => void;
}

function Rows({ rows, tried, onChange }: RowsProps) {
  const words = useText().group.tagsOf;
  const field = (name: keyof TagRow, label: string) => (row: TagRow, index: number) => (
    <Input
      ariaLabel={`${label} ${index + 1}`}
      value={row[name]}
      autoComplete="off"
      onChange={({ detail }) => onChange(rows.map((r, i) => (i === index ? { ...r, [name]: detail.value } : r)))}
    />
  );
  const problem = (_: TagRow, index: number) => {
    const found = tried && problemOf(rows, index);
    return found ? words.problems[found] : undefined;
  };
  return (
    <AttributeEditor
      items={rows}
      definition={[
        { label: words.key, control: field('key', words.key), errorText: problem },
        { label: words.value, control: field('value', words.value) },
      ]}
      addButtonText={words.add}
      removeButtonText={words.remove}
      removeButtonAriaLabel={(row) => words.removeOf(row.key)}
      disableAddButton={rows.length >= tagsMax}
      additionalInfo={words.limit(tagsMax)}
      empty={words.none}
      onAddButtonClick={() => onChange([...rows, { key: '', value: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(rows.filter((_, i) => i !== detail.itemIndex))}
    />
  );
}

/** Adds first: it is what may be refused. */
async function saveTags(ResourceName: string, { add, remove }: TagChanges): Promise<void> {
  if (add.length > 0) {
    const Tags = add.map(({ key, value }) => ({ Key: key, Value: value }));
    await elasticache.send(new AddTagsToResourceCommand({ ResourceName, Tags }));
  }
  if (remove.length > 0) {
    await elasticache.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: remove }));
  }
}
