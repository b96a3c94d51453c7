import type { CacheCluster, ReplicationGroup } from '@aws-sdk/client-elasticache';
import Alert from '@cloudscape-design/components/alert';
import { nameOf, restarts } from '../../../cache/upgrades';
import { UpgradeEffect } from '../../../components/upgrade-effect';
import { useVersions } from '../../../data/create';
import { useAccess } from '../../../data/group';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import { type Plan, runningOf } from '../plan';

interface NewVersionProps {
  group: ReplicationGroup;
  member: CacheCluster | undefined;
  plan: Plan;
}

/** What it means for clients that a plan has another version, or another node type. */
export function NewVersion({ group, member, plan }: NewVersionProps) {
  const modify = usePageText(modifyWords);
  const access = useAccess(group.ReplicationGroupId ?? '').data; // knows the patch that runs
  const { data: offered } = useVersions();
  const asked = plan.settings.find(({ setting }) => setting === 'version')?.to;
  const to = offered?.find((version) => nameOf(version) === asked);
  const now = runningOf(group, member);
  const build = { ...now, version: access?.EngineVersion || now.version, servedBy: access?.ServedBy || undefined };
  const renamed = to !== undefined && !restarts(build, to);
  const nodeType = plan.settings.some(({ setting }) => setting === 'nodeType');
  return (
    <>
      {renamed && <Alert type="info">{modify.sameBuild(to.servedBy ?? '')}</Alert>}
      <UpgradeEffect
        version={asked !== undefined && !renamed}
        nodeType={nodeType}
        nodes={group.MemberClusters?.length ?? 0}
      />
    </>
  );
}
