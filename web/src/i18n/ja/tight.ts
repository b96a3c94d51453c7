/**
 * A sentence whose values may be Japanese or Latin: a blank sets Latin words off, but never stands
 * between Japanese ones.
 */
export const tight = (parts: TemplateStringsArray, ...values: string[]): string =>
  String.raw({ raw: parts }, ...values).replace(/(?<=[^ -~]) (?=[^ -~])/gu, '');
