import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { type Effect, effectOf } from '../cache/security';
import { useSecurity } from '../data/security';
import { usePageText } from '../i18n/page-text';
import { securityWords } from '../i18n/security';
import { Words } from './words';

const looks: Record<Effect['kind'], StatusIndicatorProps.Type> = {
  everybody: 'info',
  unknown: 'warning',
  lookedUp: 'info',
  nobody: 'warning',
  ruled: 'success',
};

/** Who may connect to a cache that names these security groups. */
export function SecurityEffect({ ids }: { ids: string[] }) {
  const { effect: words } = usePageText(securityWords);
  const { data: known } = useSecurity();
  if (!known && ids.length > 0) return null; // nobody can tell yet
  const effect = effectOf(ids, known?.groups ?? [], Boolean(known?.ec2));
  return (
    <StatusIndicator type={looks[effect.kind]}>
      <Words>{'ids' in effect ? words[effect.kind](effect.ids.join(', ')) : words[effect.kind]}</Words>
    </StatusIndicator>
  );
}
