import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { Access, Usage } from '../../../api/own';
import { Copyable } from '../../../components/copy';
import { useTell } from '../../../facts/use-tell';
import { useFormats, useText } from '../../../i18n';
import { useAccessColumns } from './columns';
import { type AccessRow, clientRows, credentialRows } from './rows';

const fingerprintCommand = `printf %s "$TOKEN" | sha256sum | cut -c1-12`;

/** Which credentials are accepted, and who uses them. */
export function Credentials({ access, usage }: { access: Access | undefined; usage: Usage | undefined }) {
  const { common, group: text } = useText();
  const words = text.connectivity;
  const formats = useFormats();
  const columns = useAccessColumns();
  const [open, setOpen] = useState<string[]>([]);
  const rows = credentialRows(access, usage);
  const description = usage?.AsOf ? words.asOf(formats.time(usage.AsOf)) : words.asking;
  return (
    <Table<AccessRow>
      trackBy="key"
      items={rows}
      columnDefinitions={columns}
      loading={!access && !usage}
      loadingText={common.loading}
      ariaLabels={{
        tableLabel: words.credentials,
        expandButtonLabel: (row) => words.showClients(nameOf(row)),
        collapseButtonLabel: (row) => words.hideClients(nameOf(row)),
      }}
      expandableRows={{
        getItemChildren: clientRows,
        isItemExpandable: (row) => clientRows(row).length > 0,
        expandedItems: rows.filter((row) => open.includes(row.key)),
        onExpandableItemToggle: ({ detail: { item, expanded } }) =>
          setOpen((keys) => (expanded ? [...keys, item.key] : keys.filter((key) => key !== item.key))),
      }}
      header={
        <Header variant="h2" counter={access && `(${access.Credentials.length})`} description={description}>
          {words.credentials}
        </Header>
      }
      footer={<Footnotes usage={usage} />}
      empty={access?.UserGroup ? words.users(access.UserGroup) : common.none}
    />
  );
}

const nameOf = (row: AccessRow) => (row.kind === 'credential' ? row.fingerprint : row.client.Address);

function Footnotes({ usage }: { usage: Usage | undefined }) {
  const words = useText().group.connectivity;
  const formats = useFormats();
  const tell = useTell();
  return (
    <SpaceBetween size="xs">
      {usage?.MissingNodes.map(({ CacheClusterId, Reason, Fact }) => (
        <Box key={CacheClusterId} color="text-status-warning">
          {words.missing(CacheClusterId, tell(Fact, Reason).words)}
        </Box>
      ))}
      {Boolean(usage?.OtherCredentials) && (
        <Box>
          {words.otherCredentials(formats.number(usage?.OtherCredentials), formats.number(usage?.OtherRefused))}
        </Box>
      )}
      <div>
        <Box color="text-body-secondary">{words.fingerprintHint}</Box>
        <Copyable value={fingerprintCommand} code />
      </div>
    </SpaceBetween>
  );
}
