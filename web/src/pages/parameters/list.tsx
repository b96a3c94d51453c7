import type { CacheParameterGroup } from '@aws-sdk/client-elasticache';
import { useCollection } from '@cloudscape-design/collection-hooks';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import Toggle from '@cloudscape-design/components/toggle';
import { useState } from 'react';
import { isDefault } from '../../cache/parameters';
import { type Use, usersOfParameters } from '../../cache/uses';
import { labelled } from '../../components/labelled';
import { usePageText } from '../../i18n/page-text';
import { parameterWords } from '../../i18n/parameters';
import { href, paths } from '../../paths';
import { useFollow } from '../../shell/follow';
import { type Line, linesOf, matches } from './lines';
import { Users } from './users';

interface ListProps {
  groups: CacheParameterGroup[];
  uses: Use[];
  onCreate(): void;
}

export function ParameterGroupList({ groups, uses, onCreate }: ListProps) {
  const words = usePageText(parameterWords);
  const follow = useFollow();
  const [ownOnly, setOwnOnly] = useState(true);
  const lines = linesOf(groups, uses, ownOnly);
  const { items, actions, filterProps, filteredItemsCount, paginationProps } = useCollection(lines, {
    filtering: { filteringFunction: matches },
    pagination: { pageSize: 50 },
  });
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        counter={`(${lines.length})`}
        description={words.intro}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button href={href(paths.compare)} onFollow={follow}>
              {words.compare}
            </Button>
            <Button variant="primary" onClick={onCreate}>
              {words.create.title}
            </Button>
          </SpaceBetween>
        }
      >
        {words.title}
      </Header>
      <SpaceBetween size="xs">
        <TextFilter
          {...filterProps}
          filteringPlaceholder={words.find}
          filteringAriaLabel={words.find}
          countText={words.matches(filteredItemsCount ?? 0)}
        />
        <Toggle checked={ownOnly} onChange={({ detail }) => setOwnOnly(detail.checked)}>
          {words.ownOnly}
        </Toggle>
      </SpaceBetween>
      <Table
        variant="container"
        wrapLines
        items={items}
        trackBy="name"
        ariaLabels={{ tableLabel: words.table }}
        empty={<NoMatch onClear={() => actions.setFiltering('')} />}
        pagination={lines.length > 50 && <Pagination {...paginationProps} />}
        columnDefinitions={labelled<Line>([
          { id: 'name', header: words.name, cell: ({ name }) => <Name name={name} />, isRowHeader: true },
          { id: 'family', header: words.family, cell: ({ family }) => family },
          { id: 'description', header: words.description, cell: ({ description }) => description },
          { id: 'users', header: words.usedBy, cell: ({ name }) => <Users users={usersOfParameters(uses, name)} /> },
        ])}
      />
    </SpaceBetween>
  );
}

function Name({ name }: { name: string }) {
  const words = usePageText(parameterWords);
  const follow = useFollow();
  return (
    <>
      <Link href={href(paths.parameterGroup(name))} onFollow={follow}>
        {name}
      </Link>{' '}
      {isDefault(name) && <Badge>{words.defaultBadge}</Badge>}
    </>
  );
}

function NoMatch({ onClear }: { onClear(): void }) {
  const words = usePageText(parameterWords);
  return (
    <Box textAlign="center">
      <SpaceBetween size="s">
        <div>{words.noMatch}</div>
        <Button onClick={onClear}>{words.clear}</Button>
      </SpaceBetween>
    </Box>
  );
}
