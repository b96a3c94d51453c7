import type { Parameter } from '@aws-sdk/client-elasticache';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { defaultOf, isDefault, type Setting, settingsOf } from '../../../cache/parameters';
import { type Use, usersOfParameters } from '../../../cache/uses';
import { Copyable } from '../../../components/copy';
import type { ParameterGroup } from '../../../data/parameters';
import { useUses } from '../../../data/uses';
import { useText } from '../../../i18n';
import { nothing } from '../../../i18n/format';
import { usePageText } from '../../../i18n/page-text';
import { parameterWords } from '../../../i18n/parameters';
import { comparePath, href } from '../../../paths';
import { useFollow } from '../../../shell/follow';
import { Users } from '../users';
import { ByNodeType } from './by-node-type';
import { ChangeDialog } from './change-dialog';
import { DeleteDialog } from './delete-dialog';
import { ResetDialog } from './reset-dialog';
import { Settings } from './settings';

/** What is asked about a parameter group. */
type Asked = { what: 'delete' | 'resetAll' } | { what: 'change' | 'reset'; setting: Setting };

interface GroupProps {
  read: ParameterGroup;
  defaults: Parameter[]; // of the family
}

export function Group({ read, defaults }: GroupProps) {
  const words = usePageText(parameterWords);
  const [asked, setAsked] = useState<Asked>();
  const { data: uses } = useUses();
  const name = read.group.CacheParameterGroupName ?? '';
  const users = usersOfParameters(uses ?? [], name);
  const settings = settingsOf(read.parameters, defaults);
  const chosen = settings.filter((setting) => setting.chosen);
  const onClose = () => setAsked(undefined);
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={read.group.Description}
        actions={<Actions read={read} users={users} chosen={chosen} onAsk={(what) => setAsked({ what })} />}
      >
        {name}
      </Header>
      {isDefault(name) && <Alert type="info">{words.isDefault}</Alert>}
      <Facts read={read} users={users} />
      <Settings
        name={name}
        settings={settings}
        onChange={(setting) => setAsked({ what: 'change', setting })}
        onReset={(setting) => setAsked({ what: 'reset', setting })}
      />
      {read.byNodeType.length > 0 && <ByNodeType parameters={read.byNodeType} users={users} />}
      {asked?.what === 'change' && <ChangeDialog name={name} setting={asked.setting} users={users} onClose={onClose} />}
      {asked?.what === 'reset' && (
        <ResetDialog name={name} settings={[asked.setting]} users={users} onClose={onClose} />
      )}
      {asked?.what === 'resetAll' && <ResetDialog name={name} all settings={chosen} users={users} onClose={onClose} />}
      {asked?.what === 'delete' && <DeleteDialog name={name} onClose={onClose} />}
    </SpaceBetween>
  );
}

interface ActionsProps {
  read: ParameterGroup;
  users: Use[];
  chosen: Setting[];
  onAsk(what: 'delete' | 'resetAll'): void;
}

function Actions({ read: { group }, users, chosen, onAsk }: ActionsProps) {
  const { common } = useText();
  const words = usePageText(parameterWords);
  const follow = useFollow();
  const name = group.CacheParameterGroupName ?? '';
  const fixed = isDefault(name);
  const noReset = fixed ? words.reset.fixed : chosen.length === 0 ? words.reset.nothing : undefined;
  const inUse = users.length > 0 ? words.remove.inUse(users.map(({ id }) => id).join(', ')) : undefined;
  const noDelete = fixed ? words.remove.fixed : inUse;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button
        href={href(comparePath(name, fixed ? '' : defaultOf(group.CacheParameterGroupFamily ?? '')))}
        onFollow={follow}
      >
        {fixed ? words.compare : words.compareDefault}
      </Button>
      <Button disabled={Boolean(noReset)} disabledReason={noReset} onClick={() => onAsk('resetAll')}>
        {words.reset.openAll}
      </Button>
      <Button disabled={Boolean(noDelete)} disabledReason={noDelete} onClick={() => onAsk('delete')}>
        {common.delete}
      </Button>
    </SpaceBetween>
  );
}

function Facts({ read, users }: { read: ParameterGroup; users: Use[] }) {
  const { group } = useText();
  const words = usePageText(parameterWords);
  return (
    <Container header={<Header variant="h2">{words.facts}</Header>}>
      <KeyValuePairs
        columns={3}
        minColumnWidth={220}
        items={[
          { label: words.family, value: read.group.CacheParameterGroupFamily ?? nothing },
          { label: words.users, value: <Users users={users} /> },
          { label: group.facts.arn, value: <Copyable value={read.group.ARN} /> },
        ]}
      />
    </Container>
  );
}
