import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { problemOf, type TagRow } from '../../cache/tags';
import { WindowField } from '../../components/window-field';
import { useText } from '../../i18n';
import { createWords } from '../../i18n/create';
import { usePageText } from '../../i18n/page-text';
import type { PartProps } from './engine';

const tagsMax = 50;
const firstWindow = 'sun:23:00-mon:00:00'; // what the service chooses too

export function Maintenance({ draft, onEdit }: PartProps) {
  const create = usePageText(createWords);
  const chosen = draft.maintenanceWindow !== '';
  return (
    <Container header={<Header variant="h2">{create.maintenance}</Header>}>
      <SpaceBetween size="l">
        <FormField label={create.window} stretch>
          <RadioGroup
            value={chosen ? 'chosen' : 'any'}
            onChange={({ detail }) => onEdit({ maintenanceWindow: detail.value === 'chosen' ? firstWindow : '' })}
            items={[
              { value: 'any', label: create.windowAny, description: create.windowAnyHint },
              { value: 'chosen', label: create.windowChosen },
            ]}
          />
        </FormField>
        {chosen && (
          <WindowField
            value={draft.maintenanceWindow}
            onChange={(maintenanceWindow) => onEdit({ maintenanceWindow })}
          />
        )}
      </SpaceBetween>
    </Container>
  );
}

export function Tags({ draft, onEdit, wrong }: PartProps) {
  const { group } = useText();
  const create = usePageText(createWords);
  const words = group.tagsOf;
  const field = (name: keyof TagRow, label: string) => (row: TagRow, index: number) => (
    <Input
      ariaLabel={`${label} ${index + 1}`}
      value={row[name]}
      autoComplete="off"
      onChange={({ detail }) =>
        onEdit({ tags: draft.tags.map((tag, i) => (i === index ? { ...tag, [name]: detail.value } : tag)) })
      }
    />
  );
  const problem = (_: TagRow, index: number) => {
    const found = wrong.includes('tags') && problemOf(draft.tags, index);
    return found ? words.problems[found] : undefined;
  };
  return (
    <Container header={<Header variant="h2">{create.tags}</Header>}>
      <AttributeEditor
        items={draft.tags}
        definition={[
          { label: words.key, control: field('key', words.key), errorText: problem },
          { label: words.value, control: field('value', words.value) },
        ]}
        addButtonText={words.add}
        removeButtonText={words.remove}
        removeButtonAriaLabel={(row) => words.removeOf(row.key)}
        disableAddButton={draft.tags.length >= tagsMax}
        additionalInfo={words.limit(tagsMax)}
        empty={create.noTags}
        onAddButtonClick={() => onEdit({ tags: [...draft.tags, { key: '', value: '' }] })}
        onRemoveButtonClick={({ detail }) => onEdit({ tags: draft.tags.filter((_, i) => i !== detail.itemIndex) })}
      />
    </Container>
  );
}
