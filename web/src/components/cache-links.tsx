import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { href, paths } from '../paths';
import { useFollow } from '../shell/follow';

interface CacheLinksProps {
  ids: string[];
  /** What is said where there is none. */
  none: string;
  /** What is said beside each. */
  beside?(id: string): ReactNode;
}

/** The caches that use something. */
export function CacheLinks({ ids, none, beside }: CacheLinksProps) {
  const follow = useFollow();
  if (ids.length === 0) return <>{none}</>;
  return ids.map((id) => (
    <div key={id}>
      <Link href={href(paths.group(id))} onFollow={follow}>
        {id}
      </Link>{' '}
      {beside?.(id)}
    </div>
  ));
}
