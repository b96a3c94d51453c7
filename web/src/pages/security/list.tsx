import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TextFilter from '@cloudscape-design/components/text-filter';
import type { Security } from '../../data/security';
import { usePageText } from '../../i18n/page-text';
import { securityWords } from '../../i18n/security';
import { Card } from './card';
import { EC2 } from './ec2';
import { matches } from './filter';

const pageSize = 10;

interface ListProps {
  security: Security;
  find: string; // what is looked for at first
  onCreate(): void;
}

/** All security groups that are known here. */
export function SecurityGroupList({ security: { groups, ec2 }, find, onCreate }: ListProps) {
  const words = usePageText(securityWords);
  const { items, actions, filterProps, filteredItemsCount, paginationProps } = useCollection(groups, {
    filtering: { filteringFunction: matches, defaultFilteringText: find },
    pagination: { pageSize },
  });
  const create = (
    <Button variant="primary" onClick={onCreate}>
      {words.create.title}
    </Button>
  );
  return (
    <SpaceBetween size="l">
      <Header variant="h1" counter={`(${groups.length})`} description={words.intro} actions={create}>
        {words.title}
      </Header>
      {ec2 && <EC2 link={ec2} />}
      {groups.length === 0 ? (
        <Empty />
      ) : (
        <TextFilter
          {...filterProps}
          filteringPlaceholder={words.find}
          filteringAriaLabel={words.find}
          countText={words.matches(filteredItemsCount ?? 0)}
        />
      )}
      {groups.length > 0 && items.length === 0 && <NoMatch onClear={() => actions.setFiltering('')} />}
      {items.map((group) => (
        <Card key={group.SecurityGroupId} group={group} ec2={ec2 !== undefined} />
      ))}
      {groups.length > pageSize && <Pagination {...paginationProps} />}
    </SpaceBetween>
  );
}

/** What they are, for who has none yet. */
function Empty() {
  const words = usePageText(securityWords);
  return (
    <Container>
      <Box textAlign="center" padding="m">
        <b>{words.none}</b>
        <Box variant="p">{words.noneDetail}</Box>
      </Box>
    </Container>
  );
}

function NoMatch({ onClear }: { onClear(): void }) {
  const words = usePageText(securityWords);
  return (
    <Box textAlign="center">
      <SpaceBetween size="s">
        <div>{words.noMatch}</div>
        <Button onClick={onClear}>{words.clear}</Button>
      </SpaceBetween>
    </Box>
  );
}
