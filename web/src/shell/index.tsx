import BreadcrumbGroup, { type BreadcrumbGroupProps } from '@cloudscape-design/components/breadcrumb-group';
import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { useNarrow } from '../components/narrow';
import { Reload } from '../components/reload';
import { useLive } from '../data/live';
import { useText } from '../i18n';
import { href, paths } from '../paths';
import { useArrival } from './arrival';
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
  const content = useArrival();
  const narrow = useNarrow(600);
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
        {narrow ? (
          <WayBack items={items.slice(0, -1)} />
        ) : (
          <BreadcrumbGroup items={items} onFollow={follow} ariaLabel={text.common.breadcrumbs} />
        )}
        <main className="page-content" ref={content} tabIndex={-1}>
          {children}
        </main>
      </div>
    </>
  );
}

/** The pages above this one. The design system would cut their names off where there is little room. */
function WayBack({ items }: { items: BreadcrumbGroupProps.Item[] }) {
  const { common } = useText();
  const follow = useFollow();
  return (
    <nav className="way-back" aria-label={common.breadcrumbs}>
      {items.map(({ text, href }) => (
        <Link key={href} href={href} onFollow={follow}>
          {text}
        </Link>
      ))}
    </nav>
  );
}

function Notices() {
  const text = useText();
  const { live, upgraded } = useLive();
  const { notices } = useNotices();
  const items: FlashbarProps.MessageDefinition[] = [...notices];
  if (upgraded) items.unshift({ id: 'upgraded', type: 'info', content: text.common.upgraded, action: <Reload /> });
  if (!live) items.unshift({ id: 'lost', type: 'warning', loading: true, content: text.common.lost });
  return <Flashbar items={items} />;
}
