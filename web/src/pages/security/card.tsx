import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { SecurityGroup, SecurityGroupRule } from '../../api/own';
import { isOfEC2, rulesMax } from '../../cache/security';
import { Copyable } from '../../components/copy';
import { useFormats, useText } from '../../i18n';
import { nothing } from '../../i18n/format';
import { usePageText } from '../../i18n/page-text';
import { securityWords } from '../../i18n/security';
import { href, paths } from '../../paths';
import { useFollow } from '../../shell/follow';
import { AddDialog } from './add-dialog';
import { DeleteDialog } from './delete-dialog';
import { RevokeDialog } from './revoke-dialog';
import { Rules } from './rules';

/** What is asked about a security group. */
type Asked = { what: 'add' } | { what: 'delete' } | { what: 'revoke'; rule: SecurityGroupRule };

interface CardProps {
  group: SecurityGroup;
  ec2: boolean; // there is an EC2 API, which some are read from
}

/** One security group: whom it lets in, and who names it. */
export function Card({ group, ec2 }: CardProps) {
  const [asked, setAsked] = useState<Asked>();
  const onClose = () => setAsked(undefined);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={group.Description}
          info={isOfEC2(group) && <Badge>EC2</Badge>}
          actions={<Actions group={group} ec2={ec2} onAsk={(what) => setAsked({ what })} />}
        >
          {group.GroupName}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Facts group={group} />
        <Oddities group={group} />
        <Rules group={group} onRevoke={(rule) => setAsked({ what: 'revoke', rule })} />
      </SpaceBetween>
      {asked?.what === 'add' && <AddDialog group={group} onClose={onClose} />}
      {asked?.what === 'revoke' && <RevokeDialog group={group} rule={asked.rule} onClose={onClose} />}
      {asked?.what === 'delete' && <DeleteDialog group={group} onClose={onClose} />}
    </Container>
  );
}

function Actions({ group, ec2, onAsk }: CardProps & { onAsk(what: 'add' | 'delete'): void }) {
  const { common } = useText();
  const security = usePageText(securityWords);
  const { GroupName: name, UsedBy: users, Rules: rules } = group;
  const copy = isOfEC2(group);
  const full = rules.length >= rulesMax && security.add.full(rulesMax);
  const used = users.length > 0 && security.remove.inUse(users.join(', '));
  const noRule = copy ? security.ec2.changedThere : full || undefined;
  const noDelete = copy && ec2 ? security.ec2.changedThere : used || undefined;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button
        ariaLabel={security.add.openOf(name)}
        disabled={noRule !== undefined}
        disabledReason={noRule}
        onClick={() => onAsk('add')}
      >
        {security.add.open}
      </Button>
      <Button
        ariaLabel={security.remove.openOf(name)}
        disabled={noDelete !== undefined}
        disabledReason={noDelete}
        onClick={() => onAsk('delete')}
      >
        {common.delete}
      </Button>
    </SpaceBetween>
  );
}

function Facts({ group }: { group: SecurityGroup }) {
  const words = usePageText(securityWords);
  const formats = useFormats();
  const ofEC2 = isOfEC2(group)
    ? [
        { label: words.ec2.vpc, value: group.VpcId || nothing },
        { label: words.ec2.asOf, value: formats.dateTime(group.ReadAt) },
      ]
    : [];
  return (
    <KeyValuePairs
      columns={3}
      minColumnWidth={220}
      items={[
        { label: words.id, value: <Copyable value={group.SecurityGroupId} /> },
        { label: words.usedBy, value: <Users ids={group.UsedBy} /> },
        { label: isOfEC2(group) ? words.ec2.knownSince : words.created, value: formats.dateTime(group.CreatedAt) },
        ...ofEC2,
      ]}
    />
  );
}

/** What is odd about its rules, and which are in force. */
function Oddities({ group: { GoneSince: gone, Twice: twice } }: { group: SecurityGroup }) {
  const { ec2: words } = usePageText(securityWords);
  const formats = useFormats();
  if (!gone && !twice) return null;
  return <Alert type="warning">{gone ? words.gone(formats.dateTime(gone)) : words.twice}</Alert>;
}

function Users({ ids }: { ids: string[] }) {
  const words = usePageText(securityWords);
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
