import Tabs from '@cloudscape-design/components/tabs';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useText } from '../../i18n';
import { href, paths } from '../../paths';
import { nameOf, type Tab, tabOf } from './tabs';

interface TabShellProps {
  id: string;
  tabs: readonly Tab[];
  /** As the address has it. */
  tab: string | undefined;
  /** Only that of the open tab is called. */
  contents: Record<string, () => ReactNode>;
}

/** Tabs of which each has an address of its own. */
export function TabShell({ id, tabs, tab, contents }: TabShellProps) {
  const text = useText();
  const [, navigate] = useLocation();
  const open = tabOf(tabs, tab);
  const pathOf = (tab: Tab) => paths.group(id, nameOf(tab));
  return (
    <Tabs
      ariaLabel={text.group.tabsOf(id)}
      activeTabId={open}
      onChange={({ detail }) => navigate(pathOf(tabOf(tabs, detail.activeTabId)))}
      tabs={tabs.map((tab) => ({
        id: tab,
        label: text.group.tabs[tab],
        href: href(pathOf(tab)),
        content: tab === open && contents[tab]?.(),
      }))}
    />
  );
}
