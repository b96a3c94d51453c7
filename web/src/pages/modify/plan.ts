// What the form asks for, told apart from what the group has. Pure; whether it is allowed is the
// service's to say.
import type {
  CacheCluster,
  ModifyCacheClusterCommandInput,
  ModifyReplicationGroupCommandInput,
  ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import type { TokenStrategy } from '../../api/own';
import { failsOver } from '../../cache/failover';
import { type IdChoice, idsOf } from '../../cache/security';
import { nameOf, type Version, versionOf } from '../../cache/upgrades';

/** What is modified. A cache cluster that is in no group has fewer settings: none that takes replicas, TLS or a description. */
export interface Subject {
  id: string;
  status: string | undefined;
  group: ReplicationGroup | undefined; // undefined: it is a cache cluster on its own
  member: CacheCluster | undefined; // that, or a member of the group
}

export const groupSubject = (group: ReplicationGroup, member: CacheCluster | undefined): Subject => ({
  id: group.ReplicationGroupId ?? '',
  status: group.Status,
  group,
  member,
});

export const clusterSubject = (cluster: CacheCluster): Subject => ({
  id: cluster.CacheClusterId ?? '',
  status: cluster.CacheClusterStatus,
  group: undefined,
  member: cluster,
});

/** What can be modified besides access control. */
export interface Settings {
  description: string;
  version: string; // with its engine: valkey 8.0
  parameterGroup: string;
  nodeType: string;
  securityGroups: IdChoice;
  discovery: string; // ipv4 or ipv6, where a cache has both
  automaticFailover: boolean;
  multiAZ: boolean;
  maintenanceWindow: string; // ddd:hh24:mi-ddd:hh24:mi, UTC
  autoMinorVersionUpgrade: boolean;
}
export type Setting = keyof Settings;

/** Only what was touched: whatever else another client changes meanwhile stays changed. */
export type Edits = Partial<Settings>;

/** In the order of the form. */
const parameters = {
  description: 'ReplicationGroupDescription',
  version: 'EngineVersion', // and Engine
  parameterGroup: 'CacheParameterGroupName',
  nodeType: 'CacheNodeType',
  securityGroups: 'SecurityGroupIds',
  discovery: 'IpDiscovery',
  automaticFailover: 'AutomaticFailoverEnabled',
  multiAZ: 'MultiAZEnabled',
  maintenanceWindow: 'PreferredMaintenanceWindow',
  autoMinorVersionUpgrade: 'AutoMinorVersionUpgrade',
} as const satisfies Record<Setting, keyof ModifyReplicationGroupCommandInput>;

/** What can wait for the maintenance window. All else is done at once, whatever is asked for. */
export const canWait = ({ settings }: Pick<Plan, 'settings'>): boolean =>
  settings.some(({ setting }) => setting === 'version' || setting === 'nodeType');

/** The maintenance window, the security groups and what goes with the engine are told of the members only. */
export const settingsOf = (subject: Subject): Settings => {
  const { group, member } = subject;
  const cache = group ?? member;
  return {
    description: group?.Description ?? '',
    version: nameOf(runningOf(subject)),
    parameterGroup: member?.CacheParameterGroup?.CacheParameterGroupName ?? '',
    nodeType: cache?.CacheNodeType ?? '',
    securityGroups: { chosen: namedBy(member), typed: '' },
    discovery: cache?.IpDiscovery ?? '',
    automaticFailover: group !== undefined && failsOver(group),
    multiAZ: group?.MultiAZ === 'enabled',
    maintenanceWindow: member?.PreferredMaintenanceWindow ?? '',
    autoMinorVersionUpgrade: cache?.AutoMinorVersionUpgrade ?? false,
  };
};

/** The version that a cache has. */
export const runningOf = ({ group, member }: Subject): Version => ({
  engine: group?.Engine ?? member?.Engine ?? '',
  version: member?.EngineVersion ?? '',
});

/** The security groups that a cache cluster has. */
export const namedBy = (member: CacheCluster | undefined): string[] =>
  (member?.SecurityGroups ?? []).map(({ SecurityGroupId = '' }) => SecurityGroupId);

/** What is chosen under access control; see tokenChangeOf for what it means. */
export interface AccessChoice {
  control: 'none' | 'auth';
  strategy: 'keep' | 'ROTATE' | 'SET';
  token: string;
  kept: boolean; // the token; see TokenField
}

/** What the form begins with: the group as it is, or what a link asked for. */
export function firstChoice(hasToken: boolean, asked: string | null): AccessChoice {
  const strategy = asked === 'ROTATE' || asked === 'SET' ? asked : undefined;
  return {
    control: hasToken || strategy ? 'auth' : 'none',
    strategy: strategy ?? (hasToken ? 'keep' : 'ROTATE'),
    token: '',
    kept: true,
  };
}

/**
 * What was chosen by hand. To leave a group without access control as it is, is no choice: it must
 * not take the token away that another client gives the group meanwhile.
 */
export const chosenOf = (first: AccessChoice, choice: AccessChoice): AccessChoice | undefined =>
  choice.control === 'none' && first.control === 'none' ? undefined : choice;

export interface TokenChange {
  strategy: TokenStrategy;
  token?: string;
}

/** Undefined where the tokens stay as they are. */
export function tokenChangeOf(hasToken: boolean, { control, strategy, token }: AccessChoice): TokenChange | undefined {
  if (control === 'none') return hasToken ? { strategy: 'DELETE' } : undefined;
  return strategy === 'keep' ? undefined : { strategy, token };
}

/** The settings as the form has them. */
export function settingsWith(now: Settings, edits: Edits): Settings {
  const made = Object.entries(edits).filter(([, edit]) => edit !== undefined);
  return { ...now, ...Object.fromEntries(made) };
}

export type Value = string | boolean | string[];

export interface SettingChange {
  setting: Setting;
  from: Value;
  to: Value;
}

/** All that a submit asks for. */
export interface Plan {
  settings: SettingChange[];
  token?: TokenChange;
  later?: boolean; // what can wait is to wait for the maintenance window
}

export function planOf(now: Settings, edits: Edits, token?: TokenChange, later = false): Plan {
  const settings = (Object.keys(parameters) as Setting[]).flatMap((setting) => {
    const edit = edits[setting];
    if (edit === undefined) return [];
    const [from, to] = [askedOf(now[setting]), askedOf(edit)];
    return String(from) === String(to) ? [] : [{ setting, from, to }];
  });
  return { settings, token, later: later && canWait({ settings }) };
}

/** What is asked for. Ids are a set: the service has them in order. */
const askedOf = (setting: Settings[Setting]): Value => (typeof setting === 'object' ? idsOf(setting).sort() : setting);

export const changesNothing = (plan: Plan): boolean => plan.settings.length === 0 && !plan.token;

/** The request for a plan of a group. Parameters that do not change are left out. */
export function inputOf(id: string, { token, ...plan }: Plan): ModifyReplicationGroupCommandInput {
  return {
    ReplicationGroupId: id,
    ...asked(plan),
    ...(token && { AuthTokenUpdateStrategy: token.strategy }),
    ...(token?.token && { AuthToken: token.token }),
  };
}

/** The same for a cache cluster on its own, which has no token. */
export const clusterInputOf = (id: string, plan: Plan): ModifyCacheClusterCommandInput => ({
  CacheClusterId: id,
  ...asked(plan),
});

/** The original has the same names for the parameters of both. */
const asked = ({ settings, later }: Plan) => ({
  ApplyImmediately: !later,
  ...Object.fromEntries(settings.map(({ setting, to }) => [parameters[setting], to])),
  ...engineOf(settings),
});

/** A version is asked for together with its engine. */
function engineOf(settings: SettingChange[]): Pick<ModifyReplicationGroupCommandInput, 'Engine' | 'EngineVersion'> {
  const change = settings.find(({ setting }) => setting === 'version');
  if (!change) return {};
  const { engine, version } = versionOf(String(change.to));
  return { Engine: engine, EngineVersion: version };
}
