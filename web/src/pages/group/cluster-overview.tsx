import type { CacheCluster } from '@aws-sdk/client-elasticache';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { AccessSecurityGroup } from '../../api/own';
import { nextWindow, windowWords } from '../../cache/next-window';
import { transitOf } from '../../cache/transit';
import { Copyable } from '../../components/copy';
import { Status } from '../../components/status';
import { useSecurity } from '../../data/security';
import { useFormats, useLanguage, useText } from '../../i18n';
import { nothing } from '../../i18n/format';
import { usePageText } from '../../i18n/page-text';
import { securityWords } from '../../i18n/security';
import { SecurityGroupNames } from './connectivity/security-groups';
import { hostPort } from './endpoint';
import { Pending } from './maintenance/pending';

/** The facts of a cache cluster that is in no group. */
export function ClusterOverview({ cluster }: { cluster: CacheCluster }) {
  const { common, group: text } = useText();
  const security = usePageText(securityWords);
  const groups = useNamed(cluster);
  const formats = useFormats();
  const { language } = useLanguage();
  const { facts } = text;
  const onOff = (on: boolean | undefined) => (on ? common.enabled : common.disabled);
  const window = nextWindow(cluster.PreferredMaintenanceWindow, new Date());
  return (
    <Container header={<Header variant="h2">{text.details}</Header>}>
      <KeyValuePairs
        columns={4}
        minColumnWidth={220}
        items={[
          { label: facts.endpoint, value: <Copyable value={hostPort(cluster.CacheNodes?.[0]?.Endpoint)} /> },
          { label: facts.name, value: <Copyable value={cluster.CacheClusterId} /> },
          { label: facts.status, value: <Status status={cluster.CacheClusterStatus} /> },
          { label: facts.nodeType, value: cluster.CacheNodeType },
          { label: facts.engine, value: text.engine[cluster.Engine ?? ''] ?? cluster.Engine },
          { label: facts.engineVersion, value: cluster.EngineVersion ?? nothing },
          { label: facts.zone, value: cluster.PreferredAvailabilityZone ?? nothing },
          { label: facts.parameterGroup, value: cluster.CacheParameterGroup?.CacheParameterGroupName ?? nothing },
          { label: facts.networkType, value: text.networkTypes[cluster.NetworkType ?? ''] ?? nothing },
          ...(cluster.NetworkType === 'dual_stack'
            ? [{ label: facts.discovery, value: text.networkTypes[cluster.IpDiscovery ?? ''] }]
            : []),
          { label: facts.inTransit, value: common.transit[transitOf(cluster)] },
          { label: facts.atRest, value: onOff(cluster.AtRestEncryptionEnabled) },
          { label: security.title, value: <SecurityGroupNames groups={groups} /> },
          { label: text.maintenance.window, value: window ? windowWords(window, language, 'UTC') : nothing },
          { label: text.maintenance.pending, value: <Pending cluster={cluster} /> },
          { label: text.maintenance.minorUpgrade, value: onOff(cluster.AutoMinorVersionUpgrade) },
          { label: facts.created, value: formats.dateTime(cluster.CacheClusterCreateTime) },
          { label: facts.arn, value: <Copyable value={cluster.ARN} /> },
        ]}
      />
    </Container>
  );
}

/** What is known of the security groups that a cluster names; until that is read, as if it were all. */
function useNamed({ SecurityGroups = [] }: CacheCluster): AccessSecurityGroup[] {
  const { data: all } = useSecurity(SecurityGroups.length > 0);
  return SecurityGroups.map(({ SecurityGroupId = '' }) => {
    const group = all?.groups.find((g) => g.SecurityGroupId === SecurityGroupId);
    return { SecurityGroupId, GroupName: group?.GroupName ?? SecurityGroupId, Known: !all || group !== undefined };
  });
}
