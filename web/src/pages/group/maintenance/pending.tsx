import type { CacheCluster } from '@aws-sdk/client-elasticache';
import Link from '@cloudscape-design/components/link';
import { useText } from '../../../i18n';
import { href, paths } from '../../../paths';
import { useFollow } from '../../../shell/follow';

/** What waits for a cache's maintenance window, with the way to where it can be done before, or taken back. */
export function Pending({ cluster }: { cluster: CacheCluster | undefined }) {
  const { common, group } = useText();
  const follow = useFollow();
  const { CacheNodeType: nodeType, EngineVersion: version } = cluster?.PendingModifiedValues ?? {};
  const words = group.maintenance;
  const waits = [version && words.pendingVersion(version), nodeType && words.pendingNodeType(nodeType)].filter(Boolean);
  if (waits.length === 0) return <>{common.none}</>;
  return (
    <Link href={href(paths.maintenance)} onFollow={follow}>
      {waits.join(', ')}
    </Link>
  );
}
