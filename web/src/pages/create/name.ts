// The rules for names, to show while one is typed; the service checks them again
// (internal/cache/identifier.go) and keeps names in lower case.

const longest = 40;

export const nameRules = ['length', 'start', 'characters', 'hyphens'] as const;
export type NameRule = (typeof nameRules)[number];

const keeps: Record<NameRule, (name: string) => boolean> = {
  length: (name) => name.length <= longest,
  start: (name) => /^[a-z]/i.test(name),
  characters: (name) => /^[a-z0-9-]*$/i.test(name),
  hyphens: (name) => !/--|-$/.test(name),
};

/** Whether a name keeps a rule; undefined while nothing is typed. */
export const keepsNameRule = (rule: NameRule, name: string): boolean | undefined =>
  name ? keeps[rule](name) : undefined;

export const isName = (name: string): boolean => nameRules.every((rule) => keepsNameRule(rule, name));
