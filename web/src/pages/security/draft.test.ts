import { describe, expect, it } from 'vitest';
import { type Draft, type Field, newDraft, requestOf, wrongSources, wrongWith } from './draft';
import { matches } from './filter';
import { rule, securityGroup } from './testing';

const draft = (edits: Partial<Draft> = {}): Draft => ({ ...newDraft(''), name: 'web', ...edits });

describe('what is wrong', () => {
  const cases: [Partial<Draft>, Field[]][] = [
    [{}, []],
    [{ name: ' ' }, ['name']],
    [{ name: '店' }, ['name']],
    [{ description: 'a\nb' }, ['description']],
    [{ id: 'web' }, ['id']],
    [{ id: 'sg-0123456789abcdef0' }, []],
    [{ sources: '10.0.0.0/8\n\n2001:db8::/32\n' }, []],
    [{ sources: '10.0.0.0/8\nten' }, ['sources']],
  ];
  it.each(cases)('%o', (edits, wrong) => expect(wrongWith(draft(edits))).toEqual(wrong));
});

it('names the sources that are none', () => {
  expect(wrongSources(draft({ sources: '10.0.0.0/8\nten\n10.0.0.0/40' }))).toEqual(['ten', '10.0.0.0/40']);
});

it('asks for each source once', () => {
  expect(requestOf(draft({ name: ' web ', sources: '10.0.0.0/8\n10.0.0.0/8' }))).toEqual({
    name: 'web',
    description: '',
    id: '',
    sources: ['10.0.0.0/8'],
  });
});

it.each([
  ['', true],
  ['SG-WEB', true],
  ['shop 10.1', true],
  ['orders', true],
  ['rack', true],
  ['web carts', false],
])('%j finds it: %s', (words, found) => {
  expect(matches(securityGroup({ Rules: [rule('10.1.0.0/16', { Description: 'rack 7' })] }), words)).toBe(found);
});
