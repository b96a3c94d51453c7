import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { Client, TokenPreview } from '../../../api/own';
import { secondsOf } from '../../../cache/durations';
import { labelled } from '../../../components/labelled';
import { Words } from '../../../components/words';
import { useTell } from '../../../facts/use-tell';
import { useFormats } from '../../../i18n';
import { nothing } from '../../../i18n/format';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import { CredentialName } from './credentials';
import { impactOf } from './picture';

interface LockedOutProps {
  preview: TokenPreview;
  at: Date | undefined;
  onAsk(): void;
}

/** Who would be locked out if it were done at this moment. */
export function LockedOut({ preview, at, onAsk }: LockedOutProps) {
  const modify = usePageText(modifyWords);
  const formats = useFormats();
  const tell = useTell();
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={at && modify.asOf(formats.time(at))}
          actions={<Button iconName="refresh" ariaLabel={modify.askAgain} onClick={onAsk} />}
        >
          {modify.lockedOut}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <LiveRegion>
          <Verdict preview={preview} />
        </LiveRegion>
        {preview.MissingNodes.map(({ CacheClusterId, Reason, Fact }) => (
          <StatusIndicator key={CacheClusterId} type="warning">
            <Words>{modify.notAsked(CacheClusterId, tell(Fact, Reason).words)}</Words>
          </StatusIndicator>
        ))}
        {preview.LockedOut.length > 0 && <Clients clients={preview.LockedOut} others={preview.OtherClients} />}
      </SpaceBetween>
    </Container>
  );
}

function Verdict({ preview }: { preview: TokenPreview }) {
  const modify = usePageText(modifyWords);
  const formats = useFormats();
  const impact = impactOf(preview);
  if (impact === 'nothing-ends')
    return (
      <StatusIndicator type="success">
        <Words>{modify.nothingEnds}</Words>
      </StatusIndicator>
    );
  const quiet = secondsOf(preview.Quiet) ?? 0;
  const connections = preview.LockedOutConnections ?? 0;
  return (
    <SpaceBetween size="xxs">
      <Box>
        {modify.itEnds} <CredentialName fingerprint={preview.Ends} />
      </Box>
      {impact === 'nobody' && (
        <StatusIndicator type="success">
          <Words>{quiet > 0 ? modify.nobodyWithin(formats.duration(quiet)) : modify.nobody}</Words>
        </StatusIndicator>
      )}
      {impact === 'unknown' && (
        <StatusIndicator type="warning">
          <Words>{modify.unknown}</Words>
        </StatusIndicator>
      )}
      {impact === 'somebody' && (
        <>
          <StatusIndicator type="error">
            <Words>
              {connections > 0
                ? modify.somebody(formats.number(connections), preview.UsageComplete)
                : modify.recently(formats.duration(quiet))}
            </Words>
          </StatusIndicator>
          {connections > 0 && <Box color="text-body-secondary">{modify.openStay}</Box>}
        </>
      )}
    </SpaceBetween>
  );
}

/** The service lists those with the most connections; the others are summed up. */
function Clients({ clients, others }: { clients: Client[]; others: Client | undefined }) {
  const modify = usePageText(modifyWords);
  const formats = useFormats();
  return (
    <Table
      variant="embedded"
      wrapLines
      ariaLabels={{ tableLabel: modify.lockedOut }}
      items={clients}
      columnDefinitions={labelled([
        { id: 'name', header: modify.name, cell: nameOf, isRowHeader: true },
        { id: 'address', header: modify.address, cell: (c) => c.Address || nothing },
        { id: 'library', header: modify.library, cell: (c) => `${c.Library} ${c.LibraryVersion}`.trim() || nothing },
        { id: 'connections', header: modify.connections, cell: (c) => formats.number(c.Connections) },
        { id: 'nodes', header: modify.nodes, cell: (c) => c.Nodes.join(', ') || nothing },
        {
          id: 'seen',
          header: modify.lastSeen,
          cell: (c) => (c.Connections > 0 ? modify.now : formats.ago(c.LastSeen)),
        },
      ])}
      footer={others && <Box>{modify.others(formats.number(others.Connections))}</Box>}
    />
  );
}

const nameOf = ({ Name, FormerNames }: Client) => Name || FormerNames.join(', ') || nothing;
