// Which caches the list shows: those whose line has all the words that were typed, and the values
// that were chosen. A language has other words, but the same values.
import { type Row, searchable } from './rows';

/** Columns with few values, of which one can be chosen. */
export const choices = ['status', 'access', 'engine'] as const;
export type Choice = (typeof choices)[number];

/** Empty: anything. */
export type Filter = Record<Choice | 'words', string>;

export const noFilter: Filter = { words: '', status: '', access: '', engine: '' };

export const isFiltering = (filter: Filter): boolean => Object.values(filter).some((value) => value.trim() !== '');

/** Whether a row passes. */
export function passes(filter: Filter): (row: Row) => boolean {
  const words = searchable(filter.words).split(/\s+/).filter(Boolean);
  const chosen = choices.filter((choice) => filter[choice] !== '');
  return (row) =>
    chosen.every((choice) => row[choice] === filter[choice]) && words.every((word) => row.words.includes(word));
}

/** The values that there are, each with how many rows it would leave beside the rest of the filter. */
export function countsOf(rows: Row[], filter: Filter, choice: Choice): Map<string, number> {
  const counts = new Map(rows.map((row) => [row[choice], 0]));
  counts.delete('');
  if (filter[choice]) counts.set(filter[choice], 0); // stays chosen when the last cache with it goes
  for (const row of rows.filter(passes({ ...filter, [choice]: '' }))) {
    const value = row[choice];
    if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}
