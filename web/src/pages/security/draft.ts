// The form of a new security group: what is typed, what is wrong with it, and what it asks for.
import { isId, isSource, isText, wordsOf } from '../../cache/security';
import type { NewSecurityGroup } from '../../data/security';

export interface Draft {
  name: string;
  description: string;
  id: string;
  sources: string; // one a line
}

export const newDraft = (id: string): Draft => ({ name: '', description: '', id, sources: '' });

export type Field = keyof Draft;

/** What is wrong before the service is asked; it knows all other rules. */
export function wrongWith(draft: Draft): Field[] {
  const wrong: Record<Field, boolean> = {
    name: draft.name.trim() === '' || !isText(draft.name),
    description: !isText(draft.description),
    id: draft.id !== '' && !isId(draft.id),
    sources: wrongSources(draft).length > 0,
  };
  return (Object.keys(wrong) as Field[]).filter((field) => wrong[field]);
}

export const wrongSources = ({ sources }: Draft): string[] => wordsOf(sources).filter((source) => !isSource(source));

export const requestOf = ({ name, description, id, sources }: Draft): NewSecurityGroup => ({
  name: name.trim(),
  description: description.trim(),
  id,
  sources: wordsOf(sources),
});
