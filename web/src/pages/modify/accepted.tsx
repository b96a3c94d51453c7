import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import type { TokenStrategy } from '../../api/own';
import { modifyWords } from '../../i18n/modify';
import { usePageText } from '../../i18n/page-text';
import { href, modifyHref, paths } from '../../paths';
import { useFollow } from '../../shell/follow';

interface AcceptedProps {
  id: string;
  strategy?: TokenStrategy; // of a change of tokens
  later?: boolean; // something waits for the maintenance window
  status?: string;
}

/** What the notice says: what happens now, and after ROTATE what comes next. */
export function Accepted({ id, strategy, later, status }: AcceptedProps) {
  const modify = usePageText(modifyWords);
  const follow = useFollow();
  if (later && strategy !== 'ROTATE') {
    return (
      <>
        <Box color="inherit">{modify.waits(id)}</Box>
        <Link color="inverted" href={href(paths.maintenance)} onFollow={follow}>
          {modify.toMaintenance}
        </Link>
      </>
    );
  }
  if (strategy !== 'ROTATE') return <>{status === 'modifying' ? modify.modifying(id) : modify.modified(id)}</>;
  return (
    <>
      <Box color="inherit">{modify.rotated(id)}</Box>
      <Link color="inverted" href={href(paths.rotation(id))} onFollow={follow}>
        {modify.toRotation}
      </Link>
      {' · '}
      <Link color="inverted" href={modifyHref(id, 'SET')} onFollow={follow}>
        {modify.toSet}
      </Link>
    </>
  );
}
