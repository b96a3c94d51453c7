import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import type { Client } from '../../../api/own';
import { labelled } from '../../../components/labelled';
import { useFormats, useText } from '../../../i18n';
import { nothing } from '../../../i18n/format';
import type { AccessRow } from './rows';

export function useAccessColumns(): TableProps.ColumnDefinition<AccessRow>[] {
  const { columns, now } = useText().group.connectivity;
  const formats = useFormats();
  const used = (connections: number, at: Date | undefined) => (connections > 0 ? now : formats.ago(at));
  return labelled([
    { id: 'who', header: columns.who, cell: (row) => <Who row={row} />, isRowHeader: true, minWidth: 220 },
    { id: 'age', header: columns.added, cell: (row) => (row.kind === 'credential' ? formats.ago(row.addedAt) : '') },
    {
      id: 'connections',
      header: columns.connections,
      cell: (row) => formats.number(row.kind === 'credential' ? row.usage?.Connections : row.client.Connections),
    },
    {
      id: 'logins',
      header: columns.logins,
      cell: (row) => (row.kind === 'credential' ? formats.number(row.usage?.Authentications) : ''),
    },
    {
      id: 'minute',
      header: columns.lastMinute,
      cell: (row) => (row.kind === 'credential' ? formats.number(row.usage?.LastMinute) : ''),
    },
    {
      id: 'used',
      header: columns.lastUsed,
      cell: (row) => {
        if (row.kind !== 'credential') return used(row.client.Connections, row.client.LastSeen);
        return row.usage ? used(row.usage.Connections, row.usage.LastUsed) : nothing;
      },
    },
    {
      id: 'refused',
      header: columns.refused,
      cell: (row) => formats.number(row.kind === 'credential' ? row.usage?.Refused : row.client.Refused),
    },
  ]);
}

function Who({ row }: { row: AccessRow }) {
  const { common, group: text } = useText();
  const words = text.connectivity;
  if (row.kind === 'others') return <>{words.otherClients}</>;
  if (row.kind === 'client') return <ClientName client={row.client} />;
  const name = { NONE: common.credential.none, unknown: words.unknownTokens }[row.fingerprint];
  const standing = row.usage?.Standing;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Box variant={name ? 'span' : 'code'}>{name ?? row.fingerprint}</Box>
      {standing && standing !== 'unknown' && (
        <Badge color={standing === 'retired' ? 'grey' : standing === 'old' ? 'severity-medium' : 'green'}>
          {words.standing[standing]}
        </Badge>
      )}
    </SpaceBetween>
  );
}

function ClientName({ client }: { client: Client }) {
  const words = useText().group.connectivity;
  const library = `${client.Library} ${client.LibraryVersion}`.trim();
  const about = [client.Name && client.Address, library, client.Nodes.join(', ')].filter(Boolean).join(' · ');
  return (
    <div>
      <div>{client.Name || client.Address}</div>
      <Box variant="small">{about}</Box>
      {client.FormerNames.length > 0 && (
        <Box variant="small" display="block">
          {words.formerly(client.FormerNames.join(', '))}
        </Box>
      )}
    </div>
  );
}
