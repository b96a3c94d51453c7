import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import type { SecurityGroup } from '../../api/own';
import { Confirm } from '../../components/confirm';
import { Optional } from '../../components/optional';
import { SentByKey } from '../../components/sent-by-key';
import { makeSecurityGroup, useSecurityChange } from '../../data/security';
import { usePageText } from '../../i18n/page-text';
import { securityWords } from '../../i18n/security';
import { useNotices } from '../../shell/notices';
import { type Draft, newDraft, requestOf, wrongSources, wrongWith } from './draft';

/** Creates a security group; id is one that configurations have already, or empty. */
export function CreateDialog({ id, onClose }: { id: string; onClose(): void }) {
  const { create: words } = usePageText(securityWords);
  const { tell } = useNotices();
  const [draft, setDraft] = useState(() => newDraft(id));
  const [tried, setTried] = useState(false);
  const change = useSecurityChange(makeSecurityGroup, (group: SecurityGroup) => {
    tell('success', words.done(group.GroupName));
    onClose();
  });
  const submit = () => {
    setTried(true);
    if (wrongWith(draft).length === 0 && !change.isPending) change.mutate(requestOf(draft));
  };
  return (
    <Confirm
      title={words.title}
      submit={words.submit}
      running={change.isPending}
      error={change.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <SentByKey onSubmit={submit}>
        <Fields draft={draft} tried={tried} onEdit={(edits) => setDraft({ ...draft, ...edits })} />
      </SentByKey>
      {draft.id !== '' && <Alert type="warning">{words.idEffect}</Alert>}
    </Confirm>
  );
}

interface FieldsProps {
  draft: Draft;
  tried: boolean;
  onEdit(edits: Partial<Draft>): void;
}

function Fields({ draft, tried, onEdit }: FieldsProps) {
  const { create: words, description } = usePageText(securityWords);
  const wrong = tried ? wrongWith(draft) : [];
  return (
    <SpaceBetween size="m">
      <FormField
        label={words.name}
        description={words.nameHint}
        constraintText={words.text}
        errorText={wrong.includes('name') && words.nameWrong}
      >
        <Input value={draft.name} onChange={({ detail }) => onEdit({ name: detail.value })} autoComplete="off" />
      </FormField>
      <FormField
        label={<Optional>{description}</Optional>}
        constraintText={words.text}
        errorText={wrong.includes('description') && words.textWrong}
      >
        <Input
          value={draft.description}
          onChange={({ detail }) => onEdit({ description: detail.value })}
          autoComplete="off"
        />
      </FormField>
      <FormField
        label={<Optional>{words.id}</Optional>}
        description={words.idHint}
        errorText={wrong.includes('id') && words.idWrong}
      >
        <Input
          value={draft.id}
          placeholder="sg-…"
          onChange={({ detail }) => onEdit({ id: detail.value.trim() })}
          autoComplete="off"
          spellcheck={false}
        />
      </FormField>
      <FormField
        label={<Optional>{words.sources}</Optional>}
        description={words.sourcesHint}
        constraintText={words.sourcesRule}
        errorText={wrong.includes('sources') && words.sourcesWrong(wrongSources(draft).join(', '))}
      >
        <Textarea
          value={draft.sources}
          rows={3}
          onChange={({ detail }) => onEdit({ sources: detail.value })}
          autoComplete={false}
          spellcheck={false}
        />
      </FormField>
    </SpaceBetween>
  );
}
