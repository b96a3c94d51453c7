import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import { clock, dayNames, formatWindow, parseWindow, type Window } from '../cache/window';
import { useFormats, useLanguage } from '../i18n';
import { modifyWords } from '../i18n/modify';
import { usePageText } from '../i18n/page-text';

const hour = 60; // minutes
const half = 30;
const usual = {
  start: Array.from({ length: 48 }, (_, i) => i * half),
  length: [1, 2, 3, 4, 6, 8, 12, 24].map((hours) => hours * hour),
};

interface WindowFieldProps {
  value: string; // as the service writes it
  onChange(value: string): void;
}

/** When the service may do what can wait. */
export function WindowField({ value, onChange }: WindowFieldProps) {
  const modify = usePageText(modifyWords);
  const { language } = useLanguage();
  const formats = useFormats();
  const window = parseWindow(value) ?? { day: 0, start: 23 * hour, length: hour };
  const change = (part: Partial<Window>) => onChange(formatWindow({ ...window, ...part }));
  const names = dayNames(language);
  return (
    <FormField label={modify.setting.maintenanceWindow} description={modify.windowHint} stretch>
      <Grid
        gridDefinition={[
          { colspan: { default: 12, xs: 4 } },
          { colspan: { default: 6, xs: 4 } },
          { colspan: { default: 6, xs: 4 } },
        ]}
      >
        <Choice
          label={modify.windowDay}
          value={window.day}
          values={names.map((_, day) => day)}
          say={(day) => names[day] ?? ''}
          onChange={(day) => change({ day })}
        />
        <Choice
          label={modify.windowStart}
          value={window.start}
          values={withValue(usual.start, window.start)}
          say={clock}
          onChange={(start) => change({ start })}
        />
        <Choice
          label={modify.windowLength}
          value={window.length}
          values={withValue(usual.length, window.length)}
          say={(minutes) => (minutes % hour ? formats.duration(minutes * 60) : modify.hours(minutes / hour))}
          onChange={(length) => change({ length })}
        />
      </Grid>
    </FormField>
  );
}

/** The usual values, and the one that another client chose. */
const withValue = (values: number[], value: number) => [...new Set([...values, value])].sort((a, b) => a - b);

interface ChoiceProps {
  label: string;
  value: number;
  values: number[];
  say(value: number): string;
  onChange(value: number): void;
}

function Choice({ label, value, values, say, onChange }: ChoiceProps) {
  const options: SelectProps.Option[] = values.map((v) => ({ value: String(v), label: say(v) }));
  return (
    <FormField label={label}>
      <Select
        selectedOption={{ value: String(value), label: say(value) }}
        options={options}
        onChange={({ detail }) => onChange(Number(detail.selectedOption.value))}
      />
    </FormField>
  );
}
