// What the form asks for, told apart from what the group has. Pure; whether it is allowed is the
// service's to say.
import type { CacheCluster, ModifyReplicationGroupCommandInput, ReplicationGroup } from '@aws-sdk/client-elasticache';
import type { TokenStrategy } from '../../api/own';
import { failsOver } from '../../cache/failover';
import { type IdChoice, idsOf } from '../../cache/security';

/** What can be modified besides access control. */
export interface Settings {
  description: string;
  nodeType: string;
  securityGroups: IdChoice;
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
  nodeType: 'CacheNodeType',
  securityGroups: 'SecurityGroupIds',
  automaticFailover: 'AutomaticFailoverEnabled',
  multiAZ: 'MultiAZEnabled',
  maintenanceWindow: 'PreferredMaintenanceWindow',
  autoMinorVersionUpgrade: 'AutoMinorVersionUpgrade',
} as const satisfies Record<Setting, keyof ModifyReplicationGroupCommandInput>;

/** The maintenance window and the security groups are told of the members only. */
export const settingsOf = (group: ReplicationGroup, member: CacheCluster | undefined): Settings => ({
  description: group.Description ?? '',
  nodeType: group.CacheNodeType ?? '',
  securityGroups: { chosen: namedBy(member), typed: '' },
  automaticFailover: failsOver(group),
  multiAZ: group.MultiAZ === 'enabled',
  maintenanceWindow: member?.PreferredMaintenanceWindow ?? '',
  autoMinorVersionUpgrade: group.AutoMinorVersionUpgrade ?? false,
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
}

export function planOf(now: Settings, edits: Edits, token?: TokenChange): Plan {
  const settings = (Object.keys(parameters) as Setting[]).flatMap((setting) => {
    const edit = edits[setting];
    if (edit === undefined) return [];
    const [from, to] = [askedOf(now[setting]), askedOf(edit)];
    return String(from) === String(to) ? [] : [{ setting, from, to }];
  });
  return { settings, token };
}

/** What is asked for. Ids are a set: the service has them in order. */
const askedOf = (setting: Settings[Setting]): Value => (typeof setting === 'object' ? idsOf(setting).sort() : setting);

export const changesNothing = (plan: Plan): boolean => plan.settings.length === 0 && !plan.token;

/** The request for a plan. Parameters that do not change are left out. */
export function inputOf(ReplicationGroupId: string, { settings, token }: Plan): ModifyReplicationGroupCommandInput {
  return {
    ReplicationGroupId,
    ApplyImmediately: true,
    ...Object.fromEntries(settings.map(({ setting, to }) => [parameters[setting], to])),
    ...(token && { AuthTokenUpdateStrategy: token.strategy }),
    ...(token?.token && { AuthToken: token.token }),
  };
}
