// Security groups, as forms have them: what is chosen and typed, and what is wrong with it before the service is asked; it
// knows all rules (internal/cache/security).
import type { Access, SecurityGroup, SecurityGroupRule } from '../api/own';

export const idsMax = 16; // of one cache
export const rulesMax = 60; // of one security group

/** The security groups of a cache: chosen from those that are known, or that it has, and typed. */
export interface IdChoice {
  chosen: string[];
  typed: string;
}

/** All ids of a choice, each once. */
export const idsOf = ({ chosen, typed }: IdChoice): string[] => [...new Set([...chosen, ...wordsOf(typed)])];

/** What is between spaces, commas and ends of lines, each once. */
export const wordsOf = (text: string): string[] => [...new Set(text.split(/[\s,、，]+/).filter(Boolean))];

export const isId = (id: string): boolean => /^sg-[0-9A-Za-z-]{1,60}$/.test(id);

/** What is wrong with a choice; last: a cache that has security groups keeps at least one. */
export type IdProblem = 'form' | 'many' | 'last';

export function problemOfIds(choice: IdChoice, hadSome = false): IdProblem | undefined {
  const ids = idsOf(choice);
  if (!ids.every(isId)) return 'form';
  if (ids.length > idsMax) return 'many';
  return hadSome && ids.length === 0 ? 'last' : undefined;
}

/** Who may connect to a cache that names these security groups. */
export type Effect =
  | { kind: 'everybody' } // it names none
  | { kind: 'unknown'; ids: string[] } // everybody, as long as these are not known
  | { kind: 'lookedUp'; ids: string[] } // these are looked up in EC2, and refused unless they are there
  | { kind: 'nobody' } // there is no rule
  | { kind: 'ruled' };

export function effectOf(ids: string[], known: SecurityGroup[], ec2 = false): Effect {
  if (ids.length === 0) return { kind: 'everybody' };
  const unknown = ids.filter((id) => !known.some((g) => g.SecurityGroupId === id));
  if (unknown.length > 0) return { kind: ec2 ? 'lookedUp' : 'unknown', ids: unknown };
  const rules = known.filter((g) => ids.includes(g.SecurityGroupId)).flatMap((g) => g.Rules);
  return { kind: rules.length === 0 ? 'nobody' : 'ruled' };
}

/** Whether a group of caches names one of these security groups. */
export const namesAny = (access: Pick<Access, 'SecurityGroups'> | undefined, ids: string[]): boolean =>
  access?.SecurityGroups.some(({ SecurityGroupId }) => ids.includes(SecurityGroupId)) ?? false;

/** The security groups that a group of caches names and nobody knows here: because of them, everybody may connect. */
export const unknownOf = ({ SecurityGroups }: Pick<Access, 'SecurityGroups'>): string[] =>
  SecurityGroups.filter(({ Known }) => !Known).map(({ SecurityGroupId }) => SecurityGroupId);

const textPattern = /^[a-zA-Z0-9. _:/()#,@[\]+=&;{}!$*'-]*$/;
const textMax = 255;

/** Whether it can be a name or a description. An empty name is told apart by the caller. */
export const isText = (text: string): boolean => text.length <= textMax && textPattern.test(text);

/** Whether it looks like a network or an address. */
export function isSource(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const most = address.includes(':') ? 128 : 32;
  const fits = bits === undefined || Number(bits) <= most;
  return fits && (most === 128 ? URL.canParse(`http://[${address}]/`) : isIPv4(address));
}

const isIPv4 = (address: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(address) && address.split('.').every((part) => Number(part) <= 255);

export interface Ports {
  FromPort?: number;
  ToPort?: number;
}

/** The ports that are typed: none for all, one, or the first and the last. Undefined: it is something else. */
export function portsOf(typed: string): Ports | undefined {
  if (typed.trim() === '') return {};
  const [, first, last] = /^\s*(\d{1,5})\s*(?:[-–]\s*(\d{1,5}))?\s*$/.exec(typed) ?? [];
  if (!first) return undefined;
  const [FromPort, ToPort] = [Number(first), Number(last ?? first)];
  return FromPort >= 1 && FromPort <= ToPort && ToPort <= 65535 ? { FromPort, ToPort } : undefined;
}

/** What tells a rule from the others of its security group. */
export const keyOf = ({ Source, FromPort, ToPort }: SecurityGroupRule): string =>
  `${Source} ${FromPort ?? ''}-${ToPort ?? ''}`;

/** Whether a security group is a copy of one of EC2, where it is changed. */
export const isOfEC2 = ({ Origin }: SecurityGroup): boolean => Origin === 'ec2';
