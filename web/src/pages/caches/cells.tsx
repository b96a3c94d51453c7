import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import Popover from '@cloudscape-design/components/popover';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { Reasons } from '../../components/reasons';
import { Status } from '../../components/status';
import { Words } from '../../components/words';
import { useText } from '../../i18n';
import { href, paths } from '../../paths';
import { useFollow } from '../../shell/follow';
import { type AccessKind, letsAllIn, type Row } from './rows';

export function NameCell({ row }: { row: Row }) {
  const { caches } = useText();
  const follow = useFollow();
  return (
    <>
      <Link href={href(paths.group(row.id))} onFollow={follow}>
        {row.id}
      </Link>
      {row.kind === 'cluster' && (
        <Box variant="small" display="block">
          {caches.standalone}
        </Box>
      )}
    </>
  );
}

export function StatusCell({ row }: { row: Row }) {
  const { caches, common } = useText();
  if (row.statusReasons.length === 0) return <Status status={row.status} />;
  return (
    <Popover
      header={caches.statusReason}
      content={<Reasons reasons={row.statusReasons} />}
      dismissAriaLabel={common.close}
    >
      <Status status={row.status} />
    </Popover>
  );
}

const looks: Record<AccessKind, StatusIndicatorProps.Type> = {
  users: 'success',
  open: 'stopped',
  token: 'success',
  two: 'info',
  passwordless: 'warning',
};

export function AccessCell({ row }: { row: Row }) {
  const { caches } = useText();
  const follow = useFollow();
  return (
    <SpaceBetween size="xxs" direction="horizontal" alignItems="center">
      <StatusIndicator type={looks[row.access]}>
        <Words>{row.accessText}</Words>
      </StatusIndicator>
      {letsAllIn(row) && <Badge color="severity-medium">{caches.passwordlessBadge}</Badge>}
      {row.notes.includes('exposed') && <Badge color="severity-high">{caches.exposed}</Badge>}
      {row.notes.includes('security') && <Badge color="severity-medium">{caches.unknownSecurity}</Badge>}
      {row.endedAs && (
        <Link href={href(paths.rotation(row.id))} onFollow={follow} ariaLabel={caches.endedOf(row.id, row.endedAs)}>
          <StatusIndicator type="warning">
            <Words>{row.endedAs}</Words>
          </StatusIndicator>
        </Link>
      )}
      {row.notes.includes('schedule') && (
        <Link
          href={href(paths.rotation(row.id))}
          onFollow={follow}
          ariaLabel={caches.endedOf(row.id, caches.scheduleFailed)}
        >
          <StatusIndicator type="error">
            <Words>{caches.scheduleFailed}</Words>
          </StatusIndicator>
        </Link>
      )}
      {row.notes.includes('rotation') && (
        <Link href={href(paths.rotation(row.id))} onFollow={follow} ariaLabel={caches.guidedOf(row.id)}>
          {caches.guided}
        </Link>
      )}
    </SpaceBetween>
  );
}
