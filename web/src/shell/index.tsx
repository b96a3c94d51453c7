import AppLayout from '@cloudscape-design/components/app-layout';
import BreadcrumbGroup, { type BreadcrumbGroupProps } from '@cloudscape-design/components/breadcrumb-group';
import Flashbar from '@cloudscape-design/components/flashbar';
import type { ReactNode } from 'react';
import { useLive } from '../data/live';
import { useText } from '../i18n';
import { href, paths } from '../paths';
import { useFollow } from './follow';
import { useNotices } from './notices';

interface PageProps {
  /** Below "Caches". The last one is the page itself. */
  crumbs?: { text: string; path: string }[];
  /** For the browser's title. */
  title: string;
  contentType?: 'default' | 'form' | 'table' | 'dashboard';
  children: ReactNode;
}

/** What is around the content of every page. */
export function Page({ crumbs = [], title, contentType = 'default', children }: PageProps) {
  const text = useText();
  const follow = useFollow();
  const items: BreadcrumbGroupProps.Item[] = [
    { text: text.common.caches, href: href(paths.caches) },
    ...crumbs.map(({ text, path }) => ({ text, href: href(path) })),
  ];
  return (
    <>
      <title>{`${title} – ${text.common.product}`}</title>
      <AppLayout
        headerSelector="#top"
        contentType={contentType}
        navigationHide
        toolsHide
        breadcrumbs={<BreadcrumbGroup items={items} onFollow={follow} ariaLabel={text.common.breadcrumbs} />}
        notifications={<Notices />}
        content={children}
        ariaLabels={{ notifications: text.common.notifications }}
      />
    </>
  );
}

function Notices() {
  const text = useText();
  const live = useLive();
  const { notices } = useNotices();
  const lost = { id: 'lost', type: 'warning' as const, loading: true, content: text.common.lost };
  return <Flashbar items={live ? notices : [lost, ...notices]} />;
}
