import type { CacheSubnetGroup } from '@aws-sdk/client-elasticache';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { Confirm } from '../../components/confirm';
import { Optional } from '../../components/optional';
import { SentByKey } from '../../components/sent-by-key';
import { createSubnetGroup, modifySubnetGroup, useSubnetChange } from '../../data/subnets';
import { usePageText } from '../../i18n/page-text';
import { subnetWords } from '../../i18n/subnets';
import { useNotices } from '../../shell/notices';
import { type Draft, draftOf, newDraft, requestOf, wrongSubnets, wrongWith } from './draft';

interface FormDialogProps {
  group?: CacheSubnetGroup; // that is modified; else one is created
  onClose(): void;
}

/** Creates a subnet group, or modifies one. */
export function FormDialog({ group, onClose }: FormDialogProps) {
  const words = usePageText(subnetWords);
  const { tell } = useNotices();
  const [draft, setDraft] = useState(() => (group ? draftOf(group) : newDraft()));
  const [tried, setTried] = useState(false);
  const asked = group ? words.modify : words.create;
  const change = useSubnetChange(group ? modifySubnetGroup : createSubnetGroup, ({ name }) => {
    tell('success', asked.done(name.toLowerCase()));
    onClose();
  });
  const submit = () => {
    setTried(true);
    if (wrongWith(draft).length === 0 && !change.isPending) change.mutate(requestOf(draft));
  };
  return (
    <Confirm
      title={group ? words.modify.title(draft.name) : words.create.title}
      submit={asked.submit}
      running={change.isPending}
      error={change.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <SentByKey onSubmit={submit}>
        <Fields
          draft={draft}
          fixedName={group !== undefined}
          tried={tried}
          onEdit={(edits) => setDraft({ ...draft, ...edits })}
        />
      </SentByKey>
      {group && <Box>{words.modify.effect}</Box>}
    </Confirm>
  );
}

interface FieldsProps {
  draft: Draft;
  fixedName: boolean;
  tried: boolean;
  onEdit(edits: Partial<Draft>): void;
}

function Fields({ draft, fixedName, tried, onEdit }: FieldsProps) {
  const words = usePageText(subnetWords);
  const wrong = tried ? wrongWith(draft) : [];
  const subnetsWrong = wrong.includes('noSubnets')
    ? words.create.subnetsMissing
    : wrong.includes('subnets') && words.create.subnetsWrong(wrongSubnets(draft).join(', '));
  return (
    <SpaceBetween size="m">
      {!fixedName && (
        <FormField
          label={words.name}
          constraintText={words.create.nameRule}
          errorText={wrong.includes('name') && words.create.nameWrong}
        >
          <Input
            value={draft.name}
            onChange={({ detail }) => onEdit({ name: detail.value.trim() })}
            autoComplete="off"
            spellcheck={false}
          />
        </FormField>
      )}
      <FormField label={<Optional>{words.description}</Optional>}>
        <Input
          value={draft.description}
          onChange={({ detail }) => onEdit({ description: detail.value })}
          autoComplete="off"
        />
      </FormField>
      <FormField label={words.subnets} description={words.create.subnetsHint} errorText={subnetsWrong}>
        <Textarea
          value={draft.subnets}
          rows={3}
          placeholder="subnet-…"
          onChange={({ detail }) => onEdit({ subnets: detail.value })}
          autoComplete={false}
          spellcheck={false}
        />
      </FormField>
    </SpaceBetween>
  );
}
