import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { Use } from '../../cache/uses';
import { CacheLinks } from '../../components/cache-links';
import { usePageText } from '../../i18n/page-text';
import { parameterWords } from '../../i18n/parameters';

const looks: Record<string, StatusIndicatorProps.Type> = {
  applying: 'in-progress',
  'in-sync': 'success',
  'pending-reboot': 'warning',
};

/** The caches that use a parameter group, and whether they have its values. */
export function Users({ users }: { users: Use[] }) {
  const words = usePageText(parameterWords);
  const status = (id: string) => users.find((use) => use.id === id)?.applyStatus ?? '';
  return (
    <CacheLinks
      ids={users.map(({ id }) => id)}
      none={words.unused}
      beside={(id) => (
        <StatusIndicator type={looks[status(id)] ?? 'pending'}>
          {words.applyStatus[status(id)] ?? status(id)}
        </StatusIndicator>
      )}
    />
  );
}
