import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useText } from '../../i18n';
import { href, paths } from '../../paths';
import { useFollow } from '../../shell/follow';
import type { Row } from './rows';

const namedMax = 5;

/** Warns of the caches that have a token but let clients in without it, until none does. */
export function Passwordless({ rows, onShowAll }: { rows: Row[]; onShowAll(): void }) {
  const { caches } = useText();
  const follow = useFollow();
  const open = rows.filter((row) => row.notes.includes('passwordless'));
  if (open.length === 0) return null;
  const named = open.slice(0, namedMax);
  return (
    <Alert
      type="warning"
      header={caches.passwordless(open.length)}
      action={open.length > 1 && <Button onClick={onShowAll}>{caches.showThese}</Button>}
    >
      <SpaceBetween size="xxs">
        {caches.passwordlessDetail}
        <SpaceBetween size="s" direction="horizontal">
          {named.map(({ id }) => (
            <Link key={id} href={href(paths.group(id))} onFollow={follow}>
              {id}
            </Link>
          ))}
          {open.length > named.length && <span>{caches.more(open.length - named.length)}</span>}
        </SpaceBetween>
      </SpaceBetween>
    </Alert>
  );
}
