import Box from '@cloudscape-design/components/box';
import Checkbox from '@cloudscape-design/components/checkbox';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import { Code } from '../../components/copy';
import { type Delivery, type DeliveryKind, isComplete, targetOf } from './delivery';
import { useWords } from './words';

const kinds: DeliveryKind[] = ['file', 'command', 'secretsmanager'];

interface DeliveryFieldsProps {
  value: Delivery;
  onChange(value: Delivery): void;
  tried: boolean; // to send it, so that what is missing is said
}

type TextField = { [K in keyof Delivery]: Delivery[K] extends string ? K : never }[keyof Delivery];

/** Where the new token goes. */
export function DeliveryFields({ value, onChange, tried }: DeliveryFieldsProps) {
  const { how: say } = useWords().text;
  const errorText = tried && !isComplete(value) && say.required;
  const field = (name: Exclude<TextField, 'kind'>, label: string, more: Hints = {}) => (
    <FormField label={label} description={more.description} constraintText={more.constraint} errorText={more.error}>
      <Input
        value={value[name]}
        placeholder={more.placeholder}
        spellcheck={false}
        autoComplete="off"
        onChange={({ detail }) => onChange({ ...value, [name]: detail.value })}
      />
    </FormField>
  );
  const box = (name: 'create' | 'insecure', label: string, description?: string) => (
    <Checkbox
      checked={value[name]}
      description={description}
      onChange={({ detail }) => onChange({ ...value, [name]: detail.checked })}
    >
      {label}
    </Checkbox>
  );
  return (
    <SpaceBetween size="l">
      <FormField label={say.kind} stretch>
        <Tiles
          value={value.kind}
          columns={3}
          items={kinds.map((kind) => ({ value: kind, label: say.kinds[kind], description: say.kindHints[kind] }))}
          onChange={({ detail }) => onChange({ ...value, kind: detail.value as DeliveryKind })}
        />
      </FormField>
      {value.kind === 'file' &&
        field('path', say.path, { constraint: say.allow.file, placeholder: '/run/app/token', error: errorText })}
      {value.kind === 'command' && (
        <>
          {field('program', say.program, {
            constraint: say.allow.command,
            placeholder: '/usr/local/bin/push-token',
            error: errorText,
          })}
          {field('arguments', say.arguments, { description: say.argumentsHint, placeholder: '--env prod' })}
        </>
      )}
      {value.kind === 'secretsmanager' && (
        <>
          {field('secret', say.secret, {
            constraint: say.allow.secretsmanager,
            placeholder: 'app/cache',
            error: errorText,
          })}
          {field('region', say.region, { placeholder: 'ap-northeast-1' })}
          {field('key', say.key, { description: say.keyHint, placeholder: 'password' })}
          <ExpandableSection headerText={say.more}>
            <SpaceBetween size="m">
              {field('profile', say.profile, { description: say.profileHint })}
              {field('endpoint', say.endpoint, { placeholder: 'https://' })}
              {box('create', say.create)}
              {box('insecure', say.insecure, say.insecureHint)}
            </SpaceBetween>
          </ExpandableSection>
        </>
      )}
      {isComplete(value) && (
        <Box color="text-body-secondary">
          {say.target}: <Code>{targetOf(value)}</Code>
        </Box>
      )}
    </SpaceBetween>
  );
}

interface Hints {
  description?: string;
  constraint?: string;
  placeholder?: string;
  error?: string | false;
}
