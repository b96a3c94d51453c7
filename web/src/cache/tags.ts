/** A label of a cache, as it is typed. */
export interface TagRow {
  key: string;
  value: string;
}

/** What has to be asked for to come from one list of tags to another. */
export interface TagChanges {
  add: TagRow[]; // also those with another value
  remove: string[]; // keys
}

export function changesOf(before: TagRow[], after: TagRow[]): TagChanges {
  const old = new Map(before.map(({ key, value }) => [key, value]));
  const kept = new Set(after.map(({ key }) => key));
  return {
    add: after.filter(({ key, value }) => old.get(key) !== value),
    remove: before.map(({ key }) => key).filter((key) => !kept.has(key)),
  };
}

export type TagProblem = 'missing' | 'double';

/** What is wrong with a row before the service is asked; it knows all other rules. */
export function problemOf(rows: TagRow[], index: number): TagProblem | undefined {
  const key = rows[index]?.key;
  if (!key) return 'missing';
  return rows.findIndex((row) => row.key === key) < index ? 'double' : undefined;
}
