import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Access } from '../../../api/own';
import { TokenField } from '../../../components/token-field';
import { useText } from '../../../i18n';
import { CredentialList } from '../confirm/credentials';
import type { AccessChoice } from '../plan';

interface SecurityProps {
  access: Access | undefined;
  hasToken: boolean;
  encrypted: boolean; // in transit
  choice: AccessChoice;
  onChange(part: Partial<AccessChoice>): void;
  tried: boolean;
}

export function Security({ access, hasToken, encrypted, choice, onChange, tried }: SecurityProps) {
  const { common, modify } = useText();
  return (
    <Container header={<Header variant="h2">{modify.security}</Header>}>
      <SpaceBetween size="l">
        {access && (
          <FormField label={modify.acceptedNow}>
            <SpaceBetween size="xs">
              <CredentialList credentials={access.Credentials} />
              {access.PasswordlessOpen && <StatusIndicator type="warning">{common.passwordless}</StatusIndicator>}
            </SpaceBetween>
          </FormField>
        )}
        <FormField
          label={modify.accessControl}
          description={modify.accessControlHint}
          constraintText={!encrypted && modify.needsEncryption}
        >
          <RadioGroup
            value={choice.control}
            onChange={({ detail }) => onChange({ control: detail.value as AccessChoice['control'] })}
            items={[
              { value: 'none', label: modify.control.none, description: modify.controlHint.none },
              { value: 'auth', label: modify.control.auth, description: modify.controlHint.auth },
              { value: 'users', label: modify.control.users, description: modify.controlHint.users, disabled: true },
            ]}
          />
        </FormField>
        {choice.control === 'auth' && <Token hasToken={hasToken} choice={choice} onChange={onChange} tried={tried} />}
      </SpaceBetween>
    </Container>
  );
}

type TokenProps = Pick<SecurityProps, 'hasToken' | 'choice' | 'onChange' | 'tried'>;

/** There is no choice of DELETE: it is what "no access control" asks for. */
function Token({ hasToken, choice, onChange, tried }: TokenProps) {
  const { modify } = useText();
  const strategies = hasToken ? (['keep', 'ROTATE', 'SET'] as const) : (['ROTATE', 'SET'] as const);
  return (
    <SpaceBetween size="l">
      <FormField label={modify.strategy} description={modify.strategyHint}>
        <RadioGroup
          value={choice.strategy}
          onChange={({ detail }) => onChange({ strategy: detail.value as AccessChoice['strategy'] })}
          items={strategies.map((value) => ({
            value,
            label: modify.strategies[value],
            description: modify.strategiesHint[value],
          }))}
        />
      </FormField>
      {choice.strategy !== 'keep' && (
        <TokenField
          label={modify.token}
          description={choice.strategy === 'SET' ? modify.tokenToSet : modify.tokenToRotate}
          value={choice.token}
          onChange={(token) => onChange({ token })}
          tried={tried}
          generates={choice.strategy === 'ROTATE'}
        />
      )}
    </SpaceBetween>
  );
}
