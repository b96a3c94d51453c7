import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import Toggle from '@cloudscape-design/components/toggle';
import { useState } from 'react';
import { differs, type Pair, pairsOf } from '../../../cache/parameters';
import { labelled } from '../../../components/labelled';
import type { ParameterGroup } from '../../../data/parameters';
import { nothing } from '../../../i18n/format';
import { usePageText } from '../../../i18n/page-text';
import { parameterWords } from '../../../i18n/parameters';

interface ComparisonProps {
  left: ParameterGroup;
  right: ParameterGroup;
}

/** What two groups have of each parameter; at first only where they differ. */
export function Comparison({ left, right }: ComparisonProps) {
  const { parameters: title, parameter, comparison: words } = usePageText(parameterWords);
  const [differencesOnly, setDifferencesOnly] = useState(true);
  const pairs = pairsOf(left.parameters, right.parameters);
  const different = pairs.filter(differs);
  const say = (pair: Pair, value: string | undefined) => {
    if (value === undefined) return <Box color="text-body-secondary">{words.absent}</Box>;
    const text = value || nothing;
    return differs(pair) ? <b>{text}</b> : text;
  };
  return (
    <Table
      wrapLines
      items={differencesOnly ? different : pairs}
      trackBy="name"
      ariaLabels={{ tableLabel: words.table }}
      header={
        <Header variant="h2" counter={`(${words.differences(different.length)})`}>
          {title}
        </Header>
      }
      filter={
        <Toggle checked={differencesOnly} onChange={({ detail }) => setDifferencesOnly(detail.checked)}>
          {words.differencesOnly}
        </Toggle>
      }
      empty={words.same}
      columnDefinitions={labelled<Pair>([
        { id: 'name', header: parameter, cell: ({ name }) => name, isRowHeader: true },
        { id: 'left', header: nameOf(left), cell: (pair) => say(pair, pair.left) },
        { id: 'right', header: nameOf(right), cell: (pair) => say(pair, pair.right) },
      ])}
    />
  );
}

const nameOf = ({ group }: ParameterGroup): string => group.CacheParameterGroupName ?? '';
