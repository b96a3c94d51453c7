import Alert from '@cloudscape-design/components/alert';
import { nameOf, restarts } from '../../../cache/upgrades';
import { UpgradeEffect } from '../../../components/upgrade-effect';
import { useVersions } from '../../../data/create';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import type { Plan, Subject } from '../plan';
import { useRunning } from '../use-running';

interface NewVersionProps {
  subject: Subject;
  plan: Plan;
}

/** What it means for clients that a plan has another version, or another node type. */
export function NewVersion({ subject, plan }: NewVersionProps) {
  const modify = usePageText(modifyWords);
  const { group } = subject;
  const { data: offered } = useVersions();
  const now = useRunning(subject);
  const asked = plan.settings.find(({ setting }) => setting === 'version')?.to;
  const to = offered?.find((version) => nameOf(version) === asked);
  const renamed = to !== undefined && !restarts(now, to);
  const nodeType = plan.settings.some(({ setting }) => setting === 'nodeType');
  return (
    <>
      {renamed && <Alert type="info">{modify.sameBuild(to.servedBy ?? '')}</Alert>}
      <UpgradeEffect
        version={asked !== undefined && !renamed}
        nodeType={nodeType}
        nodes={group ? (group.MemberClusters?.length ?? 0) : 'alone'}
      />
    </>
  );
}
