import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useId, useState } from 'react';
import { Confirm } from '../../components/confirm';
import { useText } from '../../i18n';
import { columnIds, type Preferences, pageSizes } from './preferences';

interface PreferencesProps {
  value: Preferences;
  onChange(next: Preferences): void;
}

/**
 * Asks how the list is to be seen. The design system's own dialog brings along a library for
 * dragging columns, of a twentieth of all that a browser loads.
 */
export function PreferencesButton({ value, onChange }: PreferencesProps) {
  const { caches } = useText();
  const [open, setOpen] = useState(false);
  const confirm = (next: Preferences) => {
    onChange(next);
    setOpen(false);
  };
  return (
    <>
      <Button variant="icon" iconName="settings" ariaLabel={caches.preferences} onClick={() => setOpen(true)} />
      {open && <Dialog value={value} onChange={confirm} onClose={() => setOpen(false)} />}
    </>
  );
}

function Dialog({ value, onChange, onClose }: PreferencesProps & { onClose(): void }) {
  const { caches } = useText();
  const [draft, setDraft] = useState(value);
  const edit = (edits: Partial<Preferences>) => setDraft({ ...draft, ...edits });
  return (
    <Confirm
      title={caches.preferences}
      submit={caches.confirm}
      running={false}
      error={undefined}
      onSubmit={() => onChange(draft)}
      onClose={onClose}
    >
      <ColumnLayout columns={2} variant="text-grid">
        <SpaceBetween size="l">
          <FormField label={caches.pageSize}>
            <RadioGroup
              value={String(draft.pageSize)}
              items={pageSizes.map((size) => ({ value: String(size), label: caches.cachesPerPage(size) }))}
              onChange={({ detail }) => edit({ pageSize: Number(detail.value) })}
            />
          </FormField>
          <Toggle
            checked={draft.wrapLines}
            description={caches.wrapLinesHint}
            onChange={({ detail }) => edit({ wrapLines: detail.checked })}
          >
            {caches.wrapLines}
          </Toggle>
        </SpaceBetween>
        <Columns value={draft.contentDisplay} onChange={(contentDisplay) => edit({ contentDisplay })} />
      </ColumnLayout>
    </Confirm>
  );
}

interface ColumnsProps {
  value: Preferences['contentDisplay'];
  onChange(next: Preferences['contentDisplay']): void;
}

const plain = { border: 0, margin: 0, padding: 0, minInlineSize: 0 };

function Columns({ value, onChange }: ColumnsProps) {
  const { caches } = useText();
  const label = useId();
  const show = (id: string, visible: boolean) => onChange(value.map((c) => (c.id === id ? { id, visible } : c)));
  return (
    <fieldset style={plain} aria-labelledby={label}>
      <SpaceBetween size="xs">
        <Box variant="awsui-key-label">
          <span id={label}>{caches.columns}</span>
        </Box>
        {columnIds.map((id) => (
          <Toggle
            key={id}
            checked={value.some((c) => c.id === id && c.visible)}
            disabled={id === 'id'} // a line without its name says nothing
            onChange={({ detail }) => show(id, detail.checked)}
          >
            {caches.column[id]}
          </Toggle>
        ))}
      </SpaceBetween>
    </fieldset>
  );
}
