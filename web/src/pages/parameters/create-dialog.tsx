import type { CacheParameterGroup } from '@aws-sdk/client-elasticache';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { isName } from '../../cache/parameters';
import { Confirm } from '../../components/confirm';
import { Optional } from '../../components/optional';
import { SentByKey } from '../../components/sent-by-key';
import { useVersions } from '../../data/create';
import { createParameterGroup, useParameterChange } from '../../data/parameters';
import { useText } from '../../i18n';
import { usePageText } from '../../i18n/page-text';
import { parameterWords } from '../../i18n/parameters';
import { useNotices } from '../../shell/notices';
import { familiesOf } from './lines';

interface CreateDialogProps {
  groups: CacheParameterGroup[];
  onClose(): void;
  onDone(name: string): void;
}

export function CreateDialog({ groups, onClose, onDone }: CreateDialogProps) {
  const words = usePageText(parameterWords);
  const { tell } = useNotices();
  const [draft, setDraft] = useState({ name: '', family: '', description: '' });
  const [tried, setTried] = useState(false);
  const change = useParameterChange(createParameterGroup, ({ name }) => {
    tell('success', words.create.done(name.toLowerCase()));
    onDone(name.toLowerCase());
  });
  const submit = () => {
    setTried(true);
    if (isName(draft.name) && draft.family && !change.isPending) change.mutate(draft);
  };
  return (
    <Confirm
      title={words.create.title}
      submit={words.create.submit}
      running={change.isPending}
      error={change.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <SentByKey onSubmit={submit}>
        <SpaceBetween size="m">
          <FormField
            label={words.name}
            constraintText={words.create.nameRule}
            errorText={tried && !isName(draft.name) && words.create.nameWrong}
          >
            <Input
              value={draft.name}
              onChange={({ detail }) => setDraft({ ...draft, name: detail.value.trim() })}
              autoComplete="off"
              spellcheck={false}
            />
          </FormField>
          <FormField
            label={words.family}
            description={words.create.familyHint}
            errorText={tried && !draft.family && words.create.familyMissing}
          >
            <Family groups={groups} value={draft.family} onChange={(family) => setDraft({ ...draft, family })} />
          </FormField>
          <FormField label={<Optional>{words.description}</Optional>}>
            <Input
              value={draft.description}
              onChange={({ detail }) => setDraft({ ...draft, description: detail.value })}
              autoComplete="off"
            />
          </FormField>
        </SpaceBetween>
      </SentByKey>
      <Box>{words.create.start}</Box>
    </Confirm>
  );
}

interface FamilyProps {
  groups: CacheParameterGroup[];
  value: string;
  onChange(family: string): void;
}

function Family({ groups, value, onChange }: FamilyProps) {
  const { caches } = useText();
  const words = usePageText(parameterWords);
  const versions = useVersions().data ?? [];
  const options = familiesOf(
    groups,
    versions.map(({ family = '' }) => family),
  ).map((family) => {
    const of = versions
      .filter((v) => v.family === family)
      .map((v) => `${caches.engines[v.engine] ?? v.engine} ${v.version}`);
    return {
      value: family,
      description: of.length > 0 ? words.create.familyOf(of.join(', ')) : words.create.familyUnused,
    };
  });
  return (
    <Select
      selectedOption={value ? { value } : null}
      options={options}
      placeholder={words.create.familyChoose}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
    />
  );
}
