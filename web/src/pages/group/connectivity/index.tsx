import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { transitOf } from '../../../cache/transit';
import { Problem } from '../../../components/problem';
import { useAccess, useUsage } from '../../../data/group';
import { useMetrics } from '../../../data/metrics';
import { useText } from '../../../i18n';
import { AccessControl } from './access-control';
import { Credentials } from './credentials';
import { OnSet } from './on-set';
import { Refused } from './refused';
import { SecurityGroups } from './security-groups';
import { Tls } from './tls';

/** Who may come in, who does, and how what they say is kept from others. */
export function Connectivity({ group }: { group: ReplicationGroup }) {
  const { common } = useText();
  const id = group.ReplicationGroupId ?? '';
  const access = useAccess(id);
  const usage = useUsage(id);
  useMetrics(id); // while they are asked for, each round of samples has the usage asked for anew
  return (
    <SpaceBetween size="l">
      <AccessControl group={group} access={access.data} />
      <SecurityGroups access={access.data} />
      {usage.error && <Problem error={usage.error} header={common.failedToLoad} onRetry={usage.refetch} />}
      <Credentials access={access.data} usage={usage.data} />
      {usage.data && transitOf(group) === 'required' && <OnSet id={id} usage={usage.data} />}
      <Tls group={group} access={access.data} />
      <Refused id={id} />
    </SpaceBetween>
  );
}
