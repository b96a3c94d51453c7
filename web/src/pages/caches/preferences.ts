// How somebody wants to see the list; kept in this browser.
import type { TableProps } from '@cloudscape-design/components/table';
import { useState } from 'react';

export const columnIds = [
  'id',
  'status',
  'access',
  'engine',
  'nodes',
  'endpoint',
  'tls',
  'nodeType',
  'created',
  'description',
] as const;
export type ColumnId = (typeof columnIds)[number];

export interface Preferences {
  pageSize: number;
  wrapLines: boolean;
  contentDisplay: readonly TableProps.ColumnDisplayProperties[];
}

const storageKey = 'aikagi-caches-table';
export const pageSizes = [20, 50, 100];
const hiddenAtFirst: ColumnId[] = ['description'];

const defaults: Preferences = {
  pageSize: 20,
  wrapLines: true,
  contentDisplay: columnIds.map((id) => ({ id, visible: !hiddenAtFirst.includes(id) })),
};

/** What was kept, as far as it makes sense to this version: columns may have come and gone. */
export function readPreferences(stored: string | null): Preferences {
  let kept: Partial<Preferences>;
  try {
    kept = JSON.parse(stored ?? '{}') ?? {};
  } catch {
    return defaults;
  }
  const order = Array.isArray(kept.contentDisplay) ? kept.contentDisplay : [];
  const known = order.filter(({ id }) => columnIds.includes(id as ColumnId));
  const added = defaults.contentDisplay.filter(({ id }) => !known.some((item) => item.id === id));
  return {
    pageSize: pageSizes.includes(kept.pageSize ?? 0) ? (kept.pageSize as number) : defaults.pageSize,
    wrapLines: kept.wrapLines ?? defaults.wrapLines,
    contentDisplay: [...known, ...added],
  };
}

export function usePreferences(): [Preferences, (next: Preferences) => void] {
  const [preferences, setPreferences] = useState(() => readPreferences(localStorage.getItem(storageKey)));
  const keep = (next: Preferences) => {
    localStorage.setItem(storageKey, JSON.stringify(next));
    setPreferences(next);
  };
  return [preferences, keep];
}
