import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import type { Dictionary } from '../../i18n/en';
import type { Row } from './rows';

/** What the list can be filtered by; typed text is looked for in all of them. */
export function filterProperties({ caches }: Dictionary): PropertyFilterProps.FilteringProperty[] {
  const oneOf = (key: keyof Row, label: string, group: string) => ({
    key,
    propertyLabel: label,
    groupValuesLabel: group,
    operators: ['=', '!='] as const,
  });
  const text = (key: keyof Row, label: string) => ({
    key,
    propertyLabel: label,
    groupValuesLabel: label,
    operators: [':', '!:', '=', '!=', '^'] as const,
  });
  return [
    oneOf('statusText', caches.column.status, caches.values.status),
    oneOf('engineText', caches.column.engine, caches.values.engine),
    oneOf('accessText', caches.column.access, caches.values.access),
    oneOf('tls', caches.column.tls, caches.values.tls),
    oneOf('nodeType', caches.column.nodeType, caches.values.nodeType),
    text('id', caches.column.id),
    text('endpoint', caches.column.endpoint),
    text('description', caches.column.description),
  ];
}

const suggested = ['statusText', 'engineText', 'accessText', 'tls', 'nodeType'] as const;

/** The values that there are, of what has few: a thousand names would only be in the way. */
export function filterOptions(rows: Row[]): PropertyFilterProps.FilteringOption[] {
  return suggested.flatMap((propertyKey) => {
    const values = new Set(rows.map((row) => row[propertyKey]));
    return [...values].filter(Boolean).map((value) => ({ propertyKey, value }));
  });
}

/** A filter that leaves the caches whose access control reads like that. */
export const onlyAccess = (accessText: string): PropertyFilterProps.Query => ({
  operation: 'and',
  tokens: [{ propertyKey: 'accessText', operator: '=', value: accessText }],
});
