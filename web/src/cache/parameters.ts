// Parameters as a parameter group has them, beside what the family has by default.
import type { CacheNodeTypeSpecificParameter, CacheParameterGroup, Parameter } from '@aws-sdk/client-elasticache';

export interface Setting {
  name: string;
  description: string;
  value: string; // empty: it has none
  usual: string; // the default of the family
  allowed: Allowed[];
  modifiable: boolean; // now, in this group
  reboot: boolean; // a change is in force when a node starts
  chosen: boolean; // somebody set it, perhaps to the default
  since: string; // version of the engine
}

/** A part of what values are allowed: a value, or numbers from one to another; without an end it has none. */
export type Allowed = { only: string } | { from?: string; to?: string };

/** All parameters of a group, in its order. */
export function settingsOf(parameters: Parameter[], defaults: Parameter[]): Setting[] {
  const usual = new Map(defaults.map((p) => [p.ParameterName, p.ParameterValue]));
  return parameters.map((p) => ({
    name: p.ParameterName ?? '',
    description: p.Description ?? '',
    value: p.ParameterValue ?? '',
    usual: usual.get(p.ParameterName) ?? '',
    allowed: allowedOf(p.AllowedValues ?? '', p.DataType ?? ''),
    modifiable: p.IsModifiable ?? false,
    reboot: p.ChangeType === 'requires-reboot',
    chosen: p.Source === 'user',
    since: p.MinimumEngineVersion ?? '',
  }));
}

/**
 * Reads what the service writes: words, numbers and ranges, separated by commas. "0-" is every number from 0 on, "-" any
 * number, "-5" one. Words have hyphens, too.
 */
export function allowedOf(written: string, type: string): Allowed[] {
  return written
    .split(',')
    .filter(Boolean)
    .map((part) => {
      const [, from, to] = (type !== 'string' && /^(-?[\d.]+)?-(-?[\d.]+)?$/.exec(part)) || [];
      const number = /^-?[\d.]+$/.test(part);
      if (type === 'string' || number) return { only: part };
      return { ...(from && { from }), ...(to && { to }) };
    });
}

/** The types that parameters have values for, those that caches use first. */
export function nodeTypesOf(
  parameters: CacheNodeTypeSpecificParameter[],
  used: string[],
): { used: string[]; others: string[] } {
  const all = (parameters[0]?.CacheNodeTypeSpecificValues ?? []).map(({ CacheNodeType = '' }) => CacheNodeType);
  return { used: all.filter((type) => used.includes(type)), others: all.filter((type) => !used.includes(type)) };
}

/** A parameter whose value goes by the node type, for one of these. */
export interface NodeValue {
  name: string;
  description: string;
  value: string;
}

export const valuesFor = (parameters: CacheNodeTypeSpecificParameter[], nodeType: string): NodeValue[] =>
  parameters.map(({ ParameterName = '', Description = '', CacheNodeTypeSpecificValues: values = [] }) => ({
    name: ParameterName,
    description: Description,
    value: values.find(({ CacheNodeType }) => CacheNodeType === nodeType)?.Value ?? '',
  }));

/** The values to choose from, if they can all be named. Else they are parts of one, as the default shows. */
export function choicesOf({ allowed, usual }: Pick<Setting, 'allowed' | 'usual'>): string[] | undefined {
  const only = allowed.flatMap((part) => ('only' in part ? [part.only] : []));
  return only.length === allowed.length && only.includes(usual) ? only : undefined;
}

export const isChanged = ({ value, usual }: Setting): boolean => value !== usual;

export interface Filter {
  text: string;
  changedOnly: boolean;
}

/** Whether a parameter is to be shown: every word is in its name, its value or its description. */
export function passes({ text, changedOnly }: Filter): (setting: Setting) => boolean {
  const words = text.toLowerCase().split(/\s+/);
  return (setting) => {
    const { name, value, description } = setting;
    const said = [name, value, description].join('\n').toLowerCase();
    return (!changedOnly || isChanged(setting)) && words.every((word) => said.includes(word));
  };
}

/** A parameter in two groups; undefined: the family of one does not have it. */
export interface Pair {
  name: string;
  left: string | undefined;
  right: string | undefined;
}

/** The parameters of two groups beside each other, in the order of their names. */
export function pairsOf(left: Parameter[], right: Parameter[]): Pair[] {
  const values = (all: Parameter[]) => new Map(all.map((p) => [p.ParameterName ?? '', p.ParameterValue ?? '']));
  const [lefts, rights] = [values(left), values(right)];
  const names = [...new Set([...lefts.keys(), ...rights.keys()])].sort();
  return names.map((name) => ({ name, left: lefts.get(name), right: rights.get(name) }));
}

export const differs = ({ left, right }: Pair): boolean => left !== right;

export const isDefault = (name: string): boolean => name.startsWith('default.');

export const defaultOf = (family: string): string => `default.${family}`;

/** Whether a name can be that of a new group; the service says so in more words. */
export const isName = (name: string): boolean => name.length <= 255 && /^[A-Za-z](-?[A-Za-z0-9])*$/.test(name);

/** Whether a group can be one of a cache of this family. Those of cluster mode are for caches that are not here yet. */
export const goesWith = (group: CacheParameterGroup, family: string | undefined): boolean =>
  group.CacheParameterGroupFamily === family && !group.CacheParameterGroupName?.endsWith('.cluster.on');
