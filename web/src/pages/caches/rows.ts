// What the list shows of a cache, in the words of the page: it is what is filtered and sorted.
import type { Cache } from '../../data/caches';
import type { Dictionary } from '../../i18n/en';

/** Which credentials let clients in: none needed, a token, two tokens, or a token that is not needed yet. */
export type AccessKind = 'open' | 'token' | 'two' | 'passwordless';

export interface Row {
  id: string;
  kind: 'group' | 'cluster';
  status: string; // as the service names it
  statusText: string;
  statusReason: string; // empty: none
  access: AccessKind;
  accessText: string;
  rotating: boolean; // by a guided rotation
  engine: string; // valkey or redis
  engineText: string;
  version: string; // empty: it has to be asked for
  members: string[];
  nodes: number;
  tls: string;
  endpoint: string; // host:port; empty: none yet
  nodeType: string;
  description: string;
  created: Date | undefined;
}

export const rowOf = (cache: Cache, text: Dictionary): Row =>
  cache.group ? groupRow(cache, text) : clusterRow(cache, text);

function groupRow({ id, group, access }: Cache, { common, caches }: Dictionary): Row {
  const kind = accessOf(
    access?.Credentials.map((c) => c.Fingerprint),
    group?.AuthTokenEnabled,
  );
  const members = group?.MemberClusters ?? [];
  return {
    id,
    kind: 'group',
    ...statusOf(group?.Status, access?.StatusReason, common),
    access: kind,
    accessText: caches.accessKind[kind],
    rotating: Boolean(access?.Rotation),
    ...engineOf(group?.Engine, caches),
    version: '',
    members,
    nodes: members.length,
    tls: group?.TransitEncryptionEnabled ? common.enabled : common.disabled,
    endpoint: hostAndPort(group?.NodeGroups?.[0]?.PrimaryEndpoint),
    nodeType: group?.CacheNodeType ?? '',
    description: group?.Description ?? '',
    created: group?.ReplicationGroupCreateTime,
  };
}

/** Cache clusters that are in no group have neither tokens nor TLS. */
function clusterRow({ id, cluster }: Cache, { common, caches }: Dictionary): Row {
  return {
    id,
    kind: 'cluster',
    ...statusOf(cluster?.CacheClusterStatus, undefined, common),
    access: 'open',
    accessText: caches.accessKind.open,
    rotating: false,
    ...engineOf(cluster?.Engine, caches),
    version: cluster?.EngineVersion ?? '',
    members: [id],
    nodes: cluster?.NumCacheNodes ?? 1,
    tls: cluster?.TransitEncryptionEnabled ? common.enabled : common.disabled,
    endpoint: hostAndPort(cluster?.CacheNodes?.[0]?.Endpoint),
    nodeType: cluster?.CacheNodeType ?? '',
    description: '',
    created: cluster?.CacheClusterCreateTime,
  };
}

/** Undefined fingerprints: what aikagi tells of the group is not known yet, only the original's flag. */
export function accessOf(fingerprints: string[] | undefined, hasToken = false): AccessKind {
  if (!fingerprints?.length) return hasToken ? 'token' : 'open';
  const tokens = fingerprints.filter((f) => f !== 'NONE').length;
  if (tokens === 0) return 'open';
  if (tokens < fingerprints.length) return 'passwordless';
  return tokens > 1 ? 'two' : 'token';
}

const statusOf = (status = '', reason = '', common: Dictionary['common']) => ({
  status,
  statusText: common.status[status] ?? status,
  statusReason: reason,
});

const engineOf = (engine = '', caches: Dictionary['caches']) => ({
  engine,
  engineText: caches.engines[engine] ?? engine,
});

const hostAndPort = (endpoint?: { Address?: string; Port?: number }) =>
  endpoint?.Address ? `${endpoint.Address}:${endpoint.Port}` : '';
