import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { generateToken, isToken, keepsRule, tokenRules } from '../cache/token';
import { useText } from '../i18n';
import { Rules } from './rules';

interface TokenFieldProps {
  label: string;
  value: string;
  /** Whether somebody else has it, too: it was typed, copied, or said to be kept. Nobody can show it again. */
  kept: boolean;
  onChange(token: string, kept: boolean): void;
  description?: ReactNode;
  errorText?: ReactNode; // instead of that the token breaks a rule
  /** Whether to say that a rule is broken: once somebody tried to send the form. */
  tried?: boolean;
  disabled?: boolean;
  /** Whether a new token is asked for, and not one that there is. */
  generates?: boolean;
}

/** An AUTH token to be: typed or generated, hidden unless asked for, its rules shown as they are met. */
export function TokenField({
  label,
  value,
  kept,
  onChange,
  description,
  errorText,
  tried,
  disabled,
  generates = true,
}: TokenFieldProps) {
  const text = useText();
  const [shown, setShown] = useState(false);
  const generate = () => {
    onChange(generateToken(), false);
    setShown(false);
  };
  const rules = tokenRules.map((rule) => ({ text: text.tokenField.rules[rule], kept: keepsRule(rule, value) }));
  return (
    <FormField
      label={label}
      description={description}
      errorText={
        errorText || (tried && (!isToken(value) ? text.tokenField.invalid : !kept && text.tokenField.keepFirst))
      }
      constraintText={
        <>
          <Rules rules={rules} />
          {value && !kept && (
            <Checkbox checked={false} onChange={() => onChange(value, true)}>
              {text.tokenField.isKept}
            </Checkbox>
          )}
        </>
      }
      secondaryControl={
        <SpaceBetween size="xs" direction="horizontal">
          <Button
            formAction="none"
            ariaLabel={shown ? text.tokenField.hideToken : text.tokenField.showToken}
            disabled={disabled || !value}
            onClick={() => setShown(!shown)}
          >
            {shown ? text.tokenField.hide : text.tokenField.show}
          </Button>
          <CopyToClipboard
            variant="icon"
            textToCopy={value}
            disabled={disabled || !value}
            copyButtonAriaLabel={text.tokenField.copy}
            copySuccessText={text.common.copied}
            copyErrorText={text.tokenField.notCopied}
            onCopySuccess={() => onChange(value, true)}
          />
          {generates && (
            <Button formAction="none" disabled={disabled} onClick={generate}>
              {text.tokenField.generate}
            </Button>
          )}
        </SpaceBetween>
      }
    >
      <Input
        type={shown ? 'text' : 'password'}
        value={value}
        onChange={({ detail }) => onChange(detail.value, kept || !detail.value)}
        disabled={disabled}
        autoComplete="new-password"
        spellcheck={false}
      />
    </FormField>
  );
}
