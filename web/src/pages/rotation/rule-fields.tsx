import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { secondsOf } from '../../cache/durations';
import type { Finish, How } from './how';
import { useWords } from './words';

interface RuleFieldsProps {
  value: How;
  onChange(value: How): void;
  mayAsk: boolean; // a schedule cannot wait for its owner
  tried: boolean;
}

const backs: How['rollBack'][] = ['first', 'over', 'never'];

/** When the old credential ends, and what comes before and after that. */
export function RuleFields({ value, onChange, mayAsk, tried }: RuleFieldsProps) {
  const { how: say } = useWords().text;
  const set = (change: Partial<How>) => onChange({ ...value, ...change });
  const finishes: Finish[] = ['quiet', 'deadline', 'both', ...(mayAsk ? (['ask'] as const) : [])];
  const duration = (name: 'quiet' | 'deadline' | 'brownout' | 'evictOver' | 'grace', label: string, hint?: string) => (
    <FormField
      label={label}
      description={hint}
      constraintText={say.duration}
      errorText={secondsOf(value[name]) === undefined && say.durationError}
    >
      <Input value={value[name]} autoComplete="off" onChange={({ detail }) => set({ [name]: detail.value })} />
    </FormField>
  );
  const overError = tried && !/^[1-9]\d*$/.test(value.over.trim()) && say.overError;
  return (
    <SpaceBetween size="l">
      <FormField label={say.finish}>
        <RadioGroup
          value={value.finish}
          items={finishes.map((finish) => ({
            value: finish,
            label: say.finishes[finish],
            description: say.finishHints[finish],
          }))}
          onChange={({ detail }) => set({ finish: detail.value as Finish })}
        />
      </FormField>
      <ColumnLayout columns={2}>
        {(value.finish === 'quiet' || value.finish === 'both') && duration('quiet', say.quiet)}
        {(value.finish === 'deadline' || value.finish === 'both') && duration('deadline', say.deadline)}
      </ColumnLayout>
      <ColumnLayout columns={3}>
        {duration('brownout', say.brownout, say.brownoutHint)}
        {duration('evictOver', say.evict, say.evictHint)}
        {duration('grace', say.grace, say.graceHint)}
      </ColumnLayout>
      <FormField label={say.back}>
        <RadioGroup
          value={value.rollBack}
          items={backs.map((back) => ({ value: back, label: say.backs[back] }))}
          onChange={({ detail }) => set({ rollBack: detail.value as How['rollBack'] })}
        />
      </FormField>
      {value.rollBack === 'over' && (
        <FormField label={say.over} errorText={overError}>
          <Input
            type="number"
            inputMode="numeric"
            value={value.over}
            onChange={({ detail }) => set({ over: detail.value })}
          />
        </FormField>
      )}
    </SpaceBetween>
  );
}
