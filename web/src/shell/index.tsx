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
  /** How wide it may become: forms are read better when they are narrow. */
  contentType?: 'default' | 'form' | 'table' | 'dashboard';
  children: ReactNode;
}

/**
 * What is around the content of every page. The design system's own layout is 39 kB, gzipped, more
 * for a browser to load, for drawers and panels that the console does not have.
 */
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
      <div className={`page page-${contentType}`}>
        <section className="page-notices" aria-label={text.common.notifications}>
          <Notices />
        </section>
        <BreadcrumbGroup items={items} onFollow={follow} ariaLabel={text.common.breadcrumbs} />
        <main className="page-content">{children}</main>
      </div>
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
