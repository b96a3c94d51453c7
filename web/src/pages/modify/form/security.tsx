import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import type { Access } from '../../../api/own';
import type { Obstacle } from '../../../cache/offers';
import type { Transit } from '../../../cache/transit';
import { TokenField } from '../../../components/token-field';
import { Words } from '../../../components/words';
import { useText } from '../../../i18n';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import { CredentialList } from '../confirm/credentials';
import type { AccessChoice } from '../plan';
import { Encryption } from './encryption';

interface SecurityProps {
  id: string;
  transit: Transit;
  access: Access | undefined;
  hasToken: boolean;
  obstacle: Obstacle | undefined; // to a change of tokens
  choice: AccessChoice;
  onChange(part: Partial<AccessChoice>): void;
  tried: boolean;
  children: ReactNode; // from where clients may connect
}

export function Security({
  id,
  transit,
  access,
  hasToken,
  obstacle,
  choice,
  onChange,
  tried,
  children,
}: SecurityProps) {
  const { common, offers } = useText();
  const modify = usePageText(modifyWords);
  const fixed = obstacle === 'noTls' || obstacle === 'rotation' || obstacle === 'hasUsers'; // any other one passes by itself
  return (
    <Container header={<Header variant="h2">{modify.security}</Header>}>
      <SpaceBetween size="l">
        {children}
        <Encryption id={id} transit={transit} />
        {access && (
          <FormField label={modify.acceptedNow}>
            <SpaceBetween size="xs">
              <CredentialList credentials={access.Credentials} />
              {access.PasswordlessOpen && (
                <StatusIndicator type="warning">
                  <Words>{common.passwordless}</Words>
                </StatusIndicator>
              )}
            </SpaceBetween>
          </FormField>
        )}
        <FormField
          label={modify.accessControl}
          description={modify.accessControlHint}
          constraintText={fixed && (obstacle === 'noTls' ? modify.needsEncryption : offers[obstacle])}
        >
          <RadioGroup
            value={obstacle === 'hasUsers' ? 'users' : choice.control}
            onChange={({ detail }) => onChange({ control: detail.value as AccessChoice['control'] })}
            items={[
              {
                value: 'none',
                label: modify.control.none,
                description: hasToken ? modify.controlHint.noneAgain : modify.controlHint.none,
                disabled: hasToken || fixed,
              },
              { value: 'auth', label: modify.control.auth, description: modify.controlHint.auth, disabled: fixed },
              { value: 'users', label: modify.control.users, description: modify.controlHint.users, disabled: true },
            ]}
          />
        </FormField>
        {choice.control === 'auth' && !fixed && (
          <Token hasToken={hasToken} choice={choice} onChange={onChange} tried={tried} />
        )}
      </SpaceBetween>
    </Container>
  );
}

type TokenProps = Pick<SecurityProps, 'hasToken' | 'choice' | 'onChange' | 'tried'>;

function Token({ hasToken, choice, onChange, tried }: TokenProps) {
  const modify = usePageText(modifyWords);
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
          kept={choice.kept}
          onChange={(token, kept) => onChange({ token, kept })}
          tried={tried}
          generates={choice.strategy === 'ROTATE'}
        />
      )}
    </SpaceBetween>
  );
}
