import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';

interface TimeFieldProps {
  label: string;
  hint: string;
  value: number; // seconds
  values: number[];
  say(seconds: number): string;
  onChange(seconds: number): void;
}

/** One of a few times. */
export function TimeField({ label, hint, value, values, say, onChange }: TimeFieldProps) {
  const option = (seconds: number) => ({ value: String(seconds), label: say(seconds) });
  return (
    <FormField label={label} description={hint}>
      <Select
        selectedOption={option(value)}
        options={values.map(option)}
        onChange={({ detail }) => onChange(Number(detail.selectedOption.value))}
      />
    </FormField>
  );
}
