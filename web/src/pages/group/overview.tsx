import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { ReactNode } from 'react';
import { failsOver } from '../../cache/failover';
import { transitOf } from '../../cache/transit';
import { Copyable } from '../../components/copy';
import { Status } from '../../components/status';
import { useAccess, useClusters } from '../../data/group';
import { useFormats, useText } from '../../i18n';
import { nothing } from '../../i18n/format';
import { hostPort } from './endpoint';
import { membersOf } from './tasks/task';

/** The facts of a group, in the order in which the original lists them. */
export function Overview({ group }: { group: ReplicationGroup }) {
  const { common, caches, group: text } = useText();
  const formats = useFormats();
  const members = group.MemberClusters ?? [];
  const [first] = useClusters(group.ReplicationGroupId ?? '', members).data ?? [];
  const access = useAccess(group.ReplicationGroupId ?? '').data; // knows the patch that runs
  const [shard] = group.NodeGroups ?? [];
  const onOff = (on: boolean | undefined) => (on ? common.enabled : common.disabled);
  const { facts } = text;
  const build = access?.ServedBy && ` (${caches.servedBy(access.ServedBy)})`;
  const version = `${(access?.EngineVersion || first?.EngineVersion) ?? nothing}${build || ''}`;
  const items: { label: string; value: ReactNode }[] = [
    { label: facts.name, value: <Copyable value={group.ReplicationGroupId} /> },
    { label: facts.description, value: group.Description || nothing },
    { label: facts.nodeType, value: group.CacheNodeType },
    { label: facts.status, value: <Status status={group.Status} /> },
    { label: facts.engine, value: text.engine[group.Engine ?? ''] ?? group.Engine },
    { label: facts.engineVersion, value: version },
    { label: facts.clusterMode, value: onOff(group.ClusterEnabled) },
    { label: facts.shards, value: formats.number(group.NodeGroups?.length) },
    { label: facts.nodes, value: formats.number(membersOf(group).length) },
    { label: facts.multiAZ, value: onOff(group.MultiAZ === 'enabled') },
    { label: facts.automaticFailover, value: onOff(failsOver(group)) },
    { label: facts.inTransit, value: common.transit[transitOf(group)] },
    { label: facts.atRest, value: onOff(group.AtRestEncryptionEnabled) },
    { label: facts.parameterGroup, value: first?.CacheParameterGroup?.CacheParameterGroupName ?? nothing },
    {
      label: facts.addressPlan,
      value: access ? (text.addressPlans[access.AddressPlan] ?? access.AddressPlan) : nothing,
    },
    { label: facts.created, value: formats.dateTime(group.ReplicationGroupCreateTime) },
    { label: facts.arn, value: <Copyable value={group.ARN} /> },
  ];
  return (
    <Container header={<Header variant="h2">{text.details}</Header>}>
      <KeyValuePairs
        columns={4}
        minColumnWidth={220}
        items={[
          { label: facts.primaryEndpoint, value: <Copyable value={hostPort(shard?.PrimaryEndpoint)} /> },
          { label: facts.readerEndpoint, value: <Copyable value={hostPort(shard?.ReaderEndpoint)} /> },
          ...items,
        ]}
      />
    </Container>
  );
}
