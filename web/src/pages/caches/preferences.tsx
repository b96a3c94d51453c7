import CollectionPreferences, {
  type CollectionPreferencesProps,
} from '@cloudscape-design/components/collection-preferences';
import { useState } from 'react';
import { useText } from '../../i18n';

export const columnIds = [
  'id',
  'status',
  'access',
  'engine',
  'nodes',
  'tls',
  'endpoint',
  'nodeType',
  'created',
  'description',
] as const;
export type ColumnId = (typeof columnIds)[number];

export interface Preferences {
  pageSize: number;
  wrapLines: boolean;
  contentDisplay: readonly CollectionPreferencesProps.ContentDisplayItem[];
}

const storageKey = 'aikagi-caches-table';
const pageSizes = [20, 50, 100];
const hiddenAtFirst: ColumnId[] = ['description'];

const defaults: Preferences = {
  pageSize: 20,
  wrapLines: false,
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
    wrapLines: kept.wrapLines === true,
    contentDisplay: [...known, ...added],
  };
}

/** Kept in this browser. */
export function usePreferences(): [Preferences, (next: Preferences) => void] {
  const [preferences, setPreferences] = useState(() => readPreferences(localStorage.getItem(storageKey)));
  const keep = (next: Preferences) => {
    localStorage.setItem(storageKey, JSON.stringify(next));
    setPreferences(next);
  };
  return [preferences, keep];
}

export function PreferencesButton({ value, onChange }: { value: Preferences; onChange(next: Preferences): void }) {
  const { common, caches } = useText();
  return (
    <CollectionPreferences
      title={caches.preferences}
      confirmLabel={caches.confirm}
      cancelLabel={common.cancel}
      preferences={value}
      onConfirm={({ detail }) => onChange({ ...value, ...detail } as Preferences)}
      pageSizePreference={{
        title: caches.pageSize,
        options: pageSizes.map((size) => ({ value: size, label: caches.cachesPerPage(size) })),
      }}
      wrapLinesPreference={{ label: caches.wrapLines, description: caches.wrapLinesHint }}
      contentDisplayPreference={{
        title: caches.columns,
        options: columnIds.map((id) => ({ id, label: caches.column[id], alwaysVisible: id === 'id' })),
      }}
    />
  );
}
