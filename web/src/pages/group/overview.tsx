import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { failsOver } from '../../cache/failover';
import { transitOf } from '../../cache/transit';
import { Copyable } from '../../components/copy';
import { Status } from '../../components/status';
import { useAccess, useClusters } from '../../data/group';
import { useFormats, useText } from '../../i18n';
import { nothing } from '../../i18n/format';
import { href, paths } from '../../paths';
import { useFollow } from '../../shell/follow';
import { hostPort } from './endpoint';
import { AddressPlan } from './move';
import { membersOf } from './tasks/task';

/** The facts of a group, in the order in which the original lists them. */
export function Overview({ group }: { group: ReplicationGroup }) {
  const { common, caches, group: text } = useText();
  const formats = useFormats();
  const id = group.ReplicationGroupId ?? '';
  const members = group.MemberClusters ?? [];
  const [first] = useClusters(id, members).data ?? [];
  const access = useAccess(id).data; // knows the patch that runs
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
    { label: facts.networkType, value: text.networkTypes[group.NetworkType ?? ''] ?? nothing },
    ...(group.NetworkType === 'dual_stack'
      ? [{ label: facts.discovery, value: text.networkTypes[group.IpDiscovery ?? ''] }]
      : []),
    { label: facts.inTransit, value: common.transit[transitOf(group)] },
    { label: facts.atRest, value: onOff(group.AtRestEncryptionEnabled) },
    ...(group.KmsKeyId ? [{ label: facts.kmsKey, value: <Copyable value={group.KmsKeyId} /> }] : []),
    {
      label: facts.parameterGroup,
      value: <ParameterGroup name={first?.CacheParameterGroup?.CacheParameterGroupName} />,
    },
    { label: facts.created, value: formats.dateTime(group.ReplicationGroupCreateTime) },
    { label: facts.arn, value: <Copyable value={group.ARN} /> },
  ];
  return (
    <SpaceBetween size="l">
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
      <AddressPlan cache={{ id, kind: 'group' }} />
    </SpaceBetween>
  );
}

function ParameterGroup({ name }: { name: string | undefined }) {
  const follow = useFollow();
  if (!name) return <>{nothing}</>;
  return (
    <Link href={href(paths.parameterGroup(name))} onFollow={follow}>
      {name}
    </Link>
  );
}
