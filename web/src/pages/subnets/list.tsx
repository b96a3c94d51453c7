import type { CacheSubnetGroup } from '@aws-sdk/client-elasticache';
import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import { type Use, usersOfSubnets } from '../../cache/uses';
import { CacheLinks } from '../../components/cache-links';
import { labelled } from '../../components/labelled';
import { defaultSubnetGroup } from '../../data/subnets';
import { useText } from '../../i18n';
import { nothing } from '../../i18n/format';
import { usePageText } from '../../i18n/page-text';
import { subnetWords } from '../../i18n/subnets';
import { DeleteDialog } from './delete-dialog';
import { matches } from './draft';
import { FormDialog } from './form-dialog';

const pageSize = 50;

/** What is asked about subnet groups. */
type Asked = { what: 'create' } | { what: 'modify' | 'delete'; group: CacheSubnetGroup };

interface ListProps {
  groups: CacheSubnetGroup[];
  uses: Use[];
}

export function SubnetGroupList({ groups, uses }: ListProps) {
  const words = usePageText(subnetWords);
  const [asked, setAsked] = useState<Asked>();
  const { items, filterProps, filteredItemsCount, paginationProps } = useCollection(groups, {
    filtering: { filteringFunction: matches },
    pagination: { pageSize },
  });
  const columns = useColumns(uses, setAsked);
  const onClose = () => setAsked(undefined);
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        counter={`(${groups.length})`}
        description={words.intro}
        actions={
          <Button variant="primary" onClick={() => setAsked({ what: 'create' })}>
            {words.create.title}
          </Button>
        }
      >
        {words.title}
      </Header>
      <TextFilter
        {...filterProps}
        filteringPlaceholder={words.find}
        filteringAriaLabel={words.find}
        countText={words.matches(filteredItemsCount ?? 0)}
      />
      <Table
        wrapLines
        items={items}
        trackBy="CacheSubnetGroupName"
        ariaLabels={{ tableLabel: words.table }}
        empty={groups.length === 0 ? words.none : words.noMatch}
        pagination={groups.length > pageSize && <Pagination {...paginationProps} />}
        columnDefinitions={columns}
      />
      {asked?.what === 'create' && <FormDialog onClose={onClose} />}
      {asked?.what === 'modify' && <FormDialog group={asked.group} onClose={onClose} />}
      {asked?.what === 'delete' && <DeleteDialog name={nameOf(asked.group)} onClose={onClose} />}
    </SpaceBetween>
  );
}

const nameOf = (group: CacheSubnetGroup): string => group.CacheSubnetGroupName ?? '';

function useColumns(uses: Use[], onAsk: (asked: Asked) => void): TableProps.ColumnDefinition<CacheSubnetGroup>[] {
  const words = usePageText(subnetWords);
  const usersOf = (group: CacheSubnetGroup) => usersOfSubnets(uses, nameOf(group)).map(({ id }) => id);
  return labelled<CacheSubnetGroup>([
    { id: 'name', header: words.name, cell: (group) => <Name group={group} />, isRowHeader: true },
    { id: 'vpc', header: words.vpc, cell: (group) => group.VpcId || nothing },
    { id: 'subnets', header: words.subnets, cell: (group) => <Subnets group={group} /> },
    {
      id: 'users',
      header: words.usedBy,
      cell: (group) => <CacheLinks ids={usersOf(group)} none={words.unused} />,
    },
    {
      id: 'action',
      header: words.action,
      cell: (group) => <RowActions group={group} users={usersOf(group)} onAsk={(what) => onAsk({ what, group })} />,
    },
  ]);
}

function Name({ group }: { group: CacheSubnetGroup }) {
  return (
    <>
      {nameOf(group)}
      <Box variant="small" display="block">
        {group.CacheSubnetGroupDescription}
      </Box>
    </>
  );
}

function Subnets({ group }: { group: CacheSubnetGroup }) {
  const words = usePageText(subnetWords);
  return (group.Subnets ?? []).map(({ SubnetIdentifier: id = '', SubnetAvailabilityZone: zone }) => (
    <div key={id}>{words.subnet(id, zone?.Name ?? nothing)}</div>
  ));
}

interface RowActionsProps {
  group: CacheSubnetGroup;
  users: string[];
  onAsk(what: 'modify' | 'delete'): void;
}

function RowActions({ group, users, onAsk }: RowActionsProps) {
  const { common } = useText();
  const words = usePageText(subnetWords);
  const name = nameOf(group);
  const inUse = users.length > 0 ? words.remove.inUse(users.join(', ')) : undefined;
  const noDelete = name === defaultSubnetGroup ? words.remove.fixed : inUse;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button variant="inline-link" ariaLabel={words.modify.openOf(name)} onClick={() => onAsk('modify')}>
        {common.modify}
      </Button>
      <Button
        variant="inline-link"
        ariaLabel={words.remove.openOf(name)}
        disabled={Boolean(noDelete)}
        disabledReason={noDelete}
        onClick={() => onAsk('delete')}
      >
        {common.delete}
      </Button>
    </SpaceBetween>
  );
}
