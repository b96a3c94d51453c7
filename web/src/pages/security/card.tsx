import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { SecurityGroup, SecurityGroupRule } from '../../api/own';
import { rulesMax } from '../../cache/security';
import { Copyable } from '../../components/copy';
import { useFormats, useText } from '../../i18n';
import { href, paths } from '../../paths';
import { useFollow } from '../../shell/follow';
import { AddDialog } from './add-dialog';
import { DeleteDialog } from './delete-dialog';
import { RevokeDialog } from './revoke-dialog';
import { Rules } from './rules';

/** What is asked about a security group. */
type Asked = { what: 'add' } | { what: 'delete' } | { what: 'revoke'; rule: SecurityGroupRule };

/** One security group: whom it lets in, and who names it. */
export function Card({ group }: { group: SecurityGroup }) {
  const [asked, setAsked] = useState<Asked>();
  const onClose = () => setAsked(undefined);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={group.Description}
          actions={<Actions group={group} onAsk={(what) => setAsked({ what })} />}
        >
          {group.GroupName}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Facts group={group} />
        <Rules group={group} onRevoke={(rule) => setAsked({ what: 'revoke', rule })} />
      </SpaceBetween>
      {asked?.what === 'add' && <AddDialog group={group} onClose={onClose} />}
      {asked?.what === 'revoke' && <RevokeDialog group={group} rule={asked.rule} onClose={onClose} />}
      {asked?.what === 'delete' && <DeleteDialog group={group} onClose={onClose} />}
    </Container>
  );
}

function Actions({ group, onAsk }: { group: SecurityGroup; onAsk(what: 'add' | 'delete'): void }) {
  const { common, security } = useText();
  const { GroupName: name, UsedBy: users, Rules: rules } = group;
  const full = rules.length >= rulesMax;
  const used = users.length > 0;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button
        ariaLabel={security.add.openOf(name)}
        disabled={full}
        disabledReason={full ? security.add.full(rulesMax) : undefined}
        onClick={() => onAsk('add')}
      >
        {security.add.open}
      </Button>
      <Button
        ariaLabel={security.remove.openOf(name)}
        disabled={used}
        disabledReason={used ? security.remove.inUse(users.join(', ')) : undefined}
        onClick={() => onAsk('delete')}
      >
        {common.delete}
      </Button>
    </SpaceBetween>
  );
}

function Facts({ group }: { group: SecurityGroup }) {
  const { security: words } = useText();
  const formats = useFormats();
  return (
    <KeyValuePairs
      columns={3}
      minColumnWidth={220}
      items={[
        { label: words.id, value: <Copyable value={group.SecurityGroupId} /> },
        { label: words.usedBy, value: <Users ids={group.UsedBy} /> },
        { label: words.created, value: formats.dateTime(group.CreatedAt) },
      ]}
    />
  );
}

function Users({ ids }: { ids: string[] }) {
  const { security: words } = useText();
  const follow = useFollow();
  if (ids.length === 0) return <>{words.unused}</>;
  return ids.map((id) => (
    <div key={id}>
      <Link href={href(paths.group(id, 'connectivity'))} onFollow={follow}>
        {id}
      </Link>
    </div>
  ));
}
