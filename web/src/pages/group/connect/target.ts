import type { CacheCluster, Endpoint, ReplicationGroup } from '@aws-sdk/client-elasticache';
import type { Access } from '../../../api/own';
import type { Target } from './snippets';

/** Which way a client goes in. */
export type Way = 'primary' | 'reader';

/** The ways that there are, by now: none while a cache is being created. */
export type Targets = Partial<Record<Way, Target>>;

/** Of a group. A token that works beside passwordless access counts: clients are to use it. */
export function targetsOfGroup(group: ReplicationGroup, access: Access | undefined): Targets {
  const [shard] = group.NodeGroups ?? [];
  const tls = group.TransitEncryptionEnabled ?? false;
  const tokens = access?.Credentials.some(({ Fingerprint }) => Fingerprint !== 'NONE');
  const token = tokens ?? group.AuthTokenEnabled ?? false;
  return {
    ...way('primary', shard?.PrimaryEndpoint, tls, token),
    ...way('reader', shard?.ReaderEndpoint, tls, token),
  };
}

/** Of a cache cluster that is in no group: it has one node, and no reader. */
export const targetsOfCluster = (cluster: CacheCluster): Targets =>
  way(
    'primary',
    cluster.CacheNodes?.[0]?.Endpoint,
    cluster.TransitEncryptionEnabled ?? false,
    cluster.AuthTokenEnabled ?? false,
  );

const way = (name: Way, endpoint: Endpoint | undefined, tls: boolean, token: boolean): Targets =>
  endpoint?.Address && endpoint.Port ? { [name]: { host: endpoint.Address, port: endpoint.Port, tls, token } } : {};

/** Whether an address means the machine itself, whichever it is that asks. */
export const isLoopback = (host: string) => host === 'localhost' || host.startsWith('127.');
