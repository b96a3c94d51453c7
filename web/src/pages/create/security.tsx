import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { problemOfIds } from '../../cache/security';
import { SecurityField } from '../../components/security-field';
import { TokenField } from '../../components/token-field';
import { createWords } from '../../i18n/create';
import { usePageText } from '../../i18n/page-text';
import { type Draft, tokenNeedsTls } from './draft';
import type { PartProps } from './engine';

export function Security({ draft, onEdit, wrong }: PartProps) {
  const create = usePageText(createWords);
  return (
    <Container header={<Header variant="h2">{create.security}</Header>}>
      <SpaceBetween size="l">
        <SecurityField
          value={draft.securityGroups}
          onChange={(securityGroups) => onEdit({ securityGroups })}
          problem={wrong.includes('securityGroups') ? problemOfIds(draft.securityGroups) : undefined}
        />
        <Toggle
          checked={draft.tls}
          description={create.tlsHint}
          onChange={({ detail }) => onEdit({ tls: detail.checked })}
        >
          {create.tls}
        </Toggle>
        <Toggle
          checked={draft.atRest}
          description={create.atRestHint}
          onChange={({ detail }) => onEdit({ atRest: detail.checked })}
        >
          {create.atRest}
        </Toggle>
        {draft.atRest && (
          <FormField label={create.kmsKey} description={create.kmsKeyHint} stretch>
            <Input
              value={draft.kmsKeyId}
              placeholder="arn:aws:kms:…"
              onChange={({ detail }) => onEdit({ kmsKeyId: detail.value })}
            />
          </FormField>
        )}
        <FormField
          label={create.access}
          description={create.accessHint}
          errorText={tokenNeedsTls(draft) && create.tokenNeedsTls}
          stretch
        >
          <Access value={draft.access} tls={draft.tls} onChange={(access) => onEdit({ access })} />
        </FormField>
        {draft.access === 'token' && (
          <TokenField
            label={create.token}
            description={create.tokenHint}
            value={draft.token}
            kept={draft.tokenKept}
            onChange={(token, tokenKept) => onEdit({ token, tokenKept })}
            tried={wrong.includes('token')}
          />
        )}
      </SpaceBetween>
    </Container>
  );
}

interface AccessProps {
  value: Draft['access'];
  tls: boolean;
  onChange(access: Draft['access']): void;
}

/** As in the original, also what this server does not have: somebody looks for it. */
function Access({ value, tls, onChange }: AccessProps) {
  const create = usePageText(createWords);
  return (
    <RadioGroup
      value={value}
      onChange={({ detail }) => onChange(detail.value as Draft['access'])}
      items={[
        { value: 'open', label: create.accessOpen, description: create.accessOpenHint },
        {
          value: 'token',
          label: create.accessToken,
          description: tls || value === 'token' ? create.accessTokenHint : create.tokenNeedsTls,
          disabled: !tls && value !== 'token',
        },
        { value: 'users', label: create.accessUsers, description: create.accessUsersHint, disabled: true },
      ]}
    />
  );
}
