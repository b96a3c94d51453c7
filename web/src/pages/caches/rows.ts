// What the list shows of a cache, in the words of the page: it is what is filtered and sorted.
import type { StatusReason } from '../../api/own';
import { against, aloneIn, type Obstacle, situationOf, toForm, toRotation } from '../../cache/offers';
import { concernsOf } from '../../cache/standing';
import { transitOf } from '../../cache/transit';
import type { Cache } from '../../data/caches';
import type { Dictionary } from '../../i18n/en';
import type { Formats } from '../../i18n/format';

/** Which credentials let clients in: none needed, a token, two tokens, or a token that is not needed yet. */
export type AccessKind = 'users' | 'open' | 'token' | 'two' | 'passwordless';

/** What the list says of a group beside its status: see concernsOf. */
export type Note = 'exposed' | 'security' | 'rotation' | 'ended' | 'passwordless' | 'openUser' | 'schedule';

export interface Row {
  id: string;
  kind: 'group' | 'cluster';
  status: string; // as the service names it
  statusText: string;
  statusReasons: StatusReason[];
  access: AccessKind;
  accessText: string;
  notes: Note[];
  endedAs: string; // how the last rotation ended, if that is worth a note; else empty
  obstacles: { modify?: Obstacle; rotate?: Obstacle; delete?: Obstacle };
  engine: string; // with its version
  nodes: number;
  tls: string;
  endpoint: string; // host:port; empty: none yet
  nodeType: string;
  description: string;
  created: Date | undefined;
  words: string; // all that the line says, as searchable makes it
}

type Shown = Omit<Row, 'words'>;

const notes: Note[] = ['exposed', 'security', 'rotation', 'ended', 'passwordless', 'openUser', 'schedule'];

/** Whether clients that hold nothing get in where something is asked of others. */
export const letsAllIn = ({ notes }: Pick<Row, 'notes'>): boolean =>
  notes.includes('passwordless') || notes.includes('openUser');

export function rowOf(cache: Cache, text: Dictionary, formats: Formats): Row {
  const row = cache.group ? groupRow(cache, text) : clusterRow(cache, text);
  return { ...row, words: searchable(wordsOf(row, text, formats).join('\n')) };
}

/** As words are compared: without case, and wide letters as narrow ones. */
export const searchable = (text: string): string => text.normalize('NFKC').toLowerCase();

function wordsOf(row: Shown, { caches }: Dictionary, formats: Formats): string[] {
  return [
    row.id,
    row.kind === 'cluster' ? caches.standalone : '',
    row.statusText,
    row.accessText,
    letsAllIn(row) ? caches.passwordlessBadge : '',
    row.notes.includes('exposed') ? caches.exposed : '',
    row.notes.includes('security') ? caches.unknownSecurity : '',
    row.notes.includes('rotation') ? caches.guided : '',
    row.endedAs,
    row.engine,
    formats.number(row.nodes),
    row.tls,
    row.endpoint,
    row.nodeType,
    formats.dateTime(row.created),
    row.description,
  ];
}

function groupRow({ id, group = {}, access }: Cache, { common, caches, rotation }: Dictionary): Shown {
  const kind = group.UserGroupIds?.length
    ? 'users'
    : accessOf(
        access?.Credentials.map((c) => c.Fingerprint),
        group.AuthTokenEnabled,
      );
  const concerns = access ? concernsOf(access) : [];
  const ended = concerns.find((concern) => concern.kind === 'ended');
  const situation = situationOf(group, access);
  return {
    id,
    kind: 'group',
    ...statusOf(group.Status, access?.StatusReasons, common),
    access: kind,
    accessText: caches.accessKind[kind],
    notes: concerns.map(({ kind }) => kind).filter((kind): kind is Note => notes.includes(kind as Note)),
    endedAs: ended ? caches.endedAs(rotation.state[ended.rotation.State]) : '',
    obstacles: {
      modify: toForm(situation),
      rotate: toRotation(situation),
      delete: against('delete', situation),
    },
    engine: engineOf(group.Engine, access?.EngineVersion, caches, access?.ServedBy),
    nodes: group.MemberClusters?.length ?? 0,
    tls: common.transit[transitOf(group)],
    endpoint: hostAndPort(group.NodeGroups?.[0]?.PrimaryEndpoint),
    nodeType: group.CacheNodeType ?? '',
    description: group.Description ?? '',
    created: group.ReplicationGroupCreateTime,
  };
}

/** Cache clusters that are in no group have neither tokens nor TLS. */
function clusterRow({ id, cluster }: Cache, { common, caches }: Dictionary): Shown {
  const situation = aloneIn(cluster?.CacheClusterStatus);
  return {
    id,
    kind: 'cluster',
    ...statusOf(cluster?.CacheClusterStatus, undefined, common),
    access: 'open',
    accessText: caches.accessKind.open,
    notes: [],
    endedAs: '',
    obstacles: { modify: toForm(situation), delete: against('delete', situation) },
    engine: engineOf(cluster?.Engine, cluster?.EngineVersion, caches),
    nodes: cluster?.NumCacheNodes ?? 1,
    tls: common.transit[transitOf(cluster ?? {})],
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

const statusOf = (status = '', statusReasons: StatusReason[] = [], common: Dictionary['common']) => ({
  status,
  statusText: common.status[status] ?? status,
  statusReasons,
});

const engineOf = (engine = '', version = '', caches: Dictionary['caches'], servedBy = '') =>
  `${caches.engines[engine] ?? engine} ${version}${servedBy && ` (${caches.servedBy(servedBy)})`}`.trim();

const hostAndPort = (endpoint?: { Address?: string; Port?: number }) =>
  endpoint?.Address ? `${endpoint.Address}:${endpoint.Port}` : '';
