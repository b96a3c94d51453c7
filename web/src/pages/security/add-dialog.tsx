import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { authorizeIngress, type SecurityGroup } from '../../api/own';
import { isSource, isText, portsOf } from '../../cache/security';
import { Confirm } from '../../components/confirm';
import { Optional } from '../../components/optional';
import { SentByKey } from '../../components/sent-by-key';
import { useSecurityChange } from '../../data/security';
import { usePageText } from '../../i18n/page-text';
import { securityWords } from '../../i18n/security';
import { useNotices } from '../../shell/notices';

/** Adds a rule to a security group. */
export function AddDialog({ group, onClose }: { group: SecurityGroup; onClose(): void }) {
  const security = usePageText(securityWords);
  const { add: words } = security;
  const { tell } = useNotices();
  const [draft, setDraft] = useState({ source: '', ports: '', description: '' });
  const [tried, setTried] = useState(false);
  const { SecurityGroupId, GroupName: name } = group;
  const source = draft.source.trim();
  const ports = portsOf(draft.ports);
  const change = useSecurityChange<void, unknown>(
    () => authorizeIngress({ SecurityGroupId, Source: source, ...ports, Description: draft.description || undefined }),
    () => {
      tell('success', words.done(name, source));
      onClose();
    },
  );
  const submit = () => {
    setTried(true);
    if (isSource(source) && ports && isText(draft.description) && !change.isPending) change.mutate();
  };
  return (
    <Confirm
      title={words.title(name)}
      submit={words.submit}
      running={change.isPending}
      error={change.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <SentByKey onSubmit={submit}>
        <SpaceBetween size="m">
          <FormField
            label={security.source}
            description={words.sourceHint}
            errorText={tried && !isSource(source) && words.sourceWrong}
          >
            <Input
              value={draft.source}
              onChange={({ detail }) => setDraft({ ...draft, source: detail.value })}
              autoComplete="off"
              spellcheck={false}
            />
          </FormField>
          <FormField
            label={<Optional>{security.ports}</Optional>}
            description={words.portsHint}
            errorText={tried && !ports && words.portsWrong}
          >
            <Input
              value={draft.ports}
              onChange={({ detail }) => setDraft({ ...draft, ports: detail.value })}
              autoComplete="off"
            />
          </FormField>
          <FormField
            label={<Optional>{security.description}</Optional>}
            constraintText={security.create.text}
            errorText={tried && !isText(draft.description) && security.create.textWrong}
          >
            <Input
              value={draft.description}
              onChange={({ detail }) => setDraft({ ...draft, description: detail.value })}
              autoComplete="off"
            />
          </FormField>
        </SpaceBetween>
      </SentByKey>
    </Confirm>
  );
}
