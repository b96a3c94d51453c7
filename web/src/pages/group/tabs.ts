/** The tabs of a replication group's page, in their order. The first has no name in the address. */
export const groupTabs = [
  'overview',
  'nodes',
  'connectivity',
  'metrics',
  'events',
  'failovers',
  'maintenance',
  'tags',
  'connect',
] as const;

/** Those of a cache cluster that is in no group. */
export const clusterTabs = ['overview', 'events', 'tags', 'connect'] as const;

export type Tab = (typeof groupTabs)[number];

/** The tab that the address names; the first where it names none that there is. */
export function tabOf(tabs: readonly Tab[], name: string | undefined): Tab {
  return tabs.find((tab) => tab === name) ?? 'overview';
}

/** What the address says of a tab. */
export const nameOf = (tab: Tab): string | undefined => (tab === 'overview' ? undefined : tab);
