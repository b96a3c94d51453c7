import Button from '@cloudscape-design/components/button';
import type { InputProps } from '@cloudscape-design/components/input';
import LiveRegion from '@cloudscape-design/components/live-region';
import Select from '@cloudscape-design/components/select';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useMemo, useRef } from 'react';
import { useText } from '../../i18n';
import type { Dictionary } from '../../i18n/en';
import { type Choice, choices, countsOf, type Filter, isFiltering, noFilter } from './filter';
import type { AccessKind, Row } from './rows';

interface FiltersProps {
  rows: Row[]; // all that there are
  filter: Filter;
  matches: number;
  onChange(filter: Filter): void;
}

const line = { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: '8px 12px' } as const;
const wide = { flex: '2 1 220px' };
const found = { display: 'flex', alignItems: 'center', gap: '12px' } as const;
const narrow = { flex: '1 1 180px', maxWidth: '340px' };

/** Words that are typed, and a value of each column that has few. */
export function Filters({ rows, filter, matches, onChange }: FiltersProps) {
  const { caches } = useText();
  const words = useRef<InputProps.Ref>(null);
  const filtering = isFiltering(filter);
  const clear = () => {
    onChange(noFilter);
    words.current?.focus(); // the button goes
  };
  return (
    <div style={line}>
      <div style={wide}>
        <TextFilter
          ref={words}
          filteringText={filter.words}
          filteringPlaceholder={caches.find}
          filteringAriaLabel={caches.find}
          onChange={({ detail }) => onChange({ ...filter, words: detail.filteringText })}
        />
      </div>
      {choices.map((choice) => (
        <div key={choice} style={narrow}>
          <OneOf rows={rows} filter={filter} choice={choice} onChange={onChange} />
        </div>
      ))}
      <div style={found}>
        <LiveRegion tagName="span">{filtering && caches.matches(matches)}</LiveRegion>
        {filtering && <Button onClick={clear}>{caches.clear}</Button>}
      </div>
    </div>
  );
}

function OneOf({ rows, filter, choice, onChange }: Omit<FiltersProps, 'matches'> & { choice: Choice }) {
  const text = useText();
  const any = { value: '', label: text.caches.any[choice] };
  const options = useMemo(() => optionsOf(rows, filter, choice, text), [rows, filter, choice, text]);
  return (
    <Select
      inlineLabelText={text.caches.column[choice]}
      selectedOption={options.find(({ value }) => value === filter[choice]) ?? any}
      options={[any, ...options]}
      onChange={({ detail }) => onChange({ ...filter, [choice]: detail.selectedOption.value ?? '' })}
      expandToViewport
    />
  );
}

function optionsOf(rows: Row[], filter: Filter, choice: Choice, text: Dictionary) {
  const options = [...countsOf(rows, filter, choice)].map(([value, count]) => ({
    value,
    label: labelOf(choice, value, text),
    labelTag: String(count),
  }));
  return options.sort((a, b) => a.label.localeCompare(b.label, undefined, { numeric: true }));
}

function labelOf(choice: Choice, value: string, { common, caches }: Dictionary): string {
  if (choice === 'status') return common.status[value] ?? value;
  if (choice === 'access') return caches.accessKind[value as AccessKind];
  return value;
}
