// The form of a new cache: what is typed, what is wrong with it, and the request that it becomes.
import type { CreateReplicationGroupCommandInput } from '@aws-sdk/client-elasticache';
import { codeOf } from '../../api/error';
import { type IdChoice, idsOf, problemOfIds } from '../../cache/security';
import { problemOf, type TagRow } from '../../cache/tags';
import { isToken } from '../../cache/token';
import type { EngineVersion } from '../../data/create';
import { isName } from './name';

export interface Draft {
  engine: string;
  version: string;
  parameterGroup: string; // empty: the default one of the family
  name: string;
  description: string;
  nodeType: string;
  port: string;
  subnetGroup: string; // empty: the default one
  replicas: number;
  automaticFailover: boolean;
  multiAZ: boolean;
  securityGroups: IdChoice;
  tls: boolean;
  atRest: boolean;
  kmsKeyId: string; // empty: the server's master key
  access: 'open' | 'token';
  token: string;
  tokenKept: boolean; // see TokenField
  maintenanceWindow: string; // empty: the service chooses
  tags: TagRow[];
}

export const ports = { min: 1024, max: 65535 };

const usual: Draft = {
  engine: '',
  version: '',
  parameterGroup: '',
  name: '',
  description: '',
  nodeType: 'cache.t4g.micro',
  port: '6379',
  subnetGroup: '',
  replicas: 2,
  automaticFailover: true,
  multiAZ: false,
  securityGroups: { chosen: [], typed: '' },
  tls: true,
  atRest: false, // not every server can
  kmsKeyId: '',
  access: 'open',
  token: '',
  tokenKept: true,
  maintenanceWindow: '',
  tags: [],
};

/** The form as it is shown first: the newest of the engines that are installed, Valkey before Redis. */
export function newDraft(installed: EngineVersion[]): Draft {
  const [engine = ''] = enginesOf(installed);
  return withEngine(usual, engine, installed);
}

/** The choice of an engine is one of its newest version, and of one that is installed. */
export function withEngine(draft: Draft, engine: string, installed: EngineVersion[]): Draft {
  const all = versionsOf(engine, installed);
  const version = all.find((v) => !servedBy(engine, v, installed)) ?? all[0] ?? '';
  return withVersion(draft, engine, version, installed);
}

/** A parameter group is one of a family: of another it is the default one again. */
export function withVersion(draft: Draft, engine: string, version: string, installed: EngineVersion[]): Draft {
  const next = { ...draft, engine, version };
  const stays = familyOf(next, installed) === familyOf(draft, installed);
  return { ...next, parameterGroup: stays ? draft.parameterGroup : '' };
}

/** The family of the parameter groups that go with the version. */
export const familyOf = (draft: Pick<Draft, 'engine' | 'version'>, installed: EngineVersion[]): string =>
  installed.find((v) => v.engine === draft.engine && v.version === draft.version)?.family ?? '';

/** What serves a version that is not installed. */
export const servedBy = (engine: string, version: string, installed: EngineVersion[]): string | undefined =>
  installed.find((v) => v.engine === engine && v.version === version)?.servedBy;

export const enginesOf = (installed: EngineVersion[]): string[] =>
  [...new Set(installed.map(({ engine }) => engine))].sort().reverse();

/** Newest first. */
export const versionsOf = (engine: string, installed: EngineVersion[]): string[] =>
  installed
    .filter((v) => v.engine === engine)
    .map(({ version }) => version)
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));

/** Without a replica nobody can take over, and zones need somebody who can. */
export const failsOver = (draft: Draft): boolean => draft.automaticFailover && draft.replicas > 0;
export const spreads = (draft: Draft): boolean => draft.multiAZ && failsOver(draft);

export type Field = 'name' | 'port' | 'securityGroups' | 'access' | 'token' | 'tags';

/** What is wrong before the service is asked; it knows all other rules. */
export function wrongWith(draft: Draft): Field[] {
  const wrong: Record<Field, boolean> = {
    name: !isName(draft.name),
    port: !isPort(draft.port),
    securityGroups: problemOfIds(draft.securityGroups) !== undefined,
    access: tokenNeedsTls(draft),
    token: draft.access === 'token' && !(isToken(draft.token) && draft.tokenKept),
    tags: draft.tags.some((_, index) => problemOf(draft.tags, index)),
  };
  return (Object.keys(wrong) as Field[]).filter((field) => wrong[field]);
}

/** As in the original: a token would go over the network in the clear. */
export const tokenNeedsTls = ({ access, tls }: Draft): boolean => access === 'token' && !tls;

/** The fields that refusals of the service are about, by their codes. */
const refusedBy: Record<string, 'name' | 'parameterGroup' | 'subnetGroup'> = {
  ReplicationGroupAlreadyExists: 'name',
  CacheClusterAlreadyExists: 'name',
  CacheParameterGroupNotFound: 'parameterGroup',
  CacheSubnetGroupNotFound: 'subnetGroup',
};
export type Refusals = Partial<Record<keyof Draft, string>>;

/** What the service said about a field of the form that was sent, until the field is another one. */
export function refusalsOf(error: unknown, sent: Draft | undefined, draft: Draft): Refusals {
  const field = refusedBy[codeOf(error).replace(/Fault$/, '')];
  return field && sent?.[field] === draft[field] ? { [field]: (error as Error).message } : {};
}

const isPort = (port: string): boolean => /^\d+$/.test(port) && Number(port) >= ports.min && Number(port) <= ports.max;

export function requestOf(draft: Draft): CreateReplicationGroupCommandInput {
  const securityGroups = idsOf(draft.securityGroups);
  return {
    ReplicationGroupId: draft.name,
    ReplicationGroupDescription: draft.description || draft.name, // the service wants one
    Engine: draft.engine,
    EngineVersion: draft.version,
    CacheParameterGroupName: draft.parameterGroup || undefined,
    CacheNodeType: draft.nodeType,
    Port: Number(draft.port),
    CacheSubnetGroupName: draft.subnetGroup || undefined,
    NumCacheClusters: draft.replicas + 1,
    AutomaticFailoverEnabled: failsOver(draft),
    MultiAZEnabled: spreads(draft),
    SecurityGroupIds: securityGroups.length > 0 ? securityGroups : undefined,
    TransitEncryptionEnabled: draft.tls,
    AtRestEncryptionEnabled: draft.atRest,
    KmsKeyId: (draft.atRest && draft.kmsKeyId.trim()) || undefined,
    AuthToken: draft.access === 'token' ? draft.token : undefined,
    PreferredMaintenanceWindow: draft.maintenanceWindow || undefined,
    Tags: draft.tags.length > 0 ? draft.tags.map(({ key, value }) => ({ Key: key, Value: value })) : undefined,
  };
}
