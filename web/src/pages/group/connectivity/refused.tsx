import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { RefusedConnections, RefusedFrom } from '../../../api/own';
import { labelled } from '../../../components/labelled';
import { Problem } from '../../../components/problem';
import { useRefused } from '../../../data/security';
import { useTell } from '../../../facts/use-tell';
import { useFormats, useText } from '../../../i18n';
import { usePageText } from '../../../i18n/page-text';
import { securityWords } from '../../../i18n/security';
import { countsOf, shownMost } from './refusals';

/** Who tried to connect and was not let in. */
export function Refused({ id }: { id: string }) {
  const { refused: words } = usePageText(securityWords);
  const formats = useFormats();
  const { data, error, isPending, refetch } = useRefused(id);
  const asOf = data?.AsOf ? words.asOf(formats.time(data.AsOf)) : undefined;
  return (
    <Container
      header={
        <Header variant="h2" description={asOf}>
          {words.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {error && <Problem error={error} header={words.unread} onRetry={refetch} />}
        {isPending && <StatusIndicator type="loading">{words.asking}</StatusIndicator>}
        {data && <Figures refused={data} />}
      </SpaceBetween>
    </Container>
  );
}

function Figures({ refused }: { refused: RefusedConnections }) {
  const { refused: words } = usePageText(securityWords);
  const { connectivity } = useText().group;
  const formats = useFormats();
  const tell = useTell();
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={3}
        minColumnWidth={200}
        items={countsOf(refused.Refused).map(({ reason, count }) => ({
          label: words.reasons[reason],
          value: formats.number(count),
        }))}
      />
      <Latest refused={refused} />
      {refused.MissingNodes.map(({ CacheClusterId, Reason, Fact }) => (
        <Box key={CacheClusterId} color="text-status-warning">
          {connectivity.missing(CacheClusterId, tell(Fact, Reason).words)}
        </Box>
      ))}
    </SpaceBetween>
  );
}

/** The addresses that were refused last. */
function Latest({ refused: { Sources: sources, AsOf: asOf } }: { refused: RefusedConnections }) {
  const { refused: words } = usePageText(securityWords);
  const formats = useFormats();
  const rest = sources.length - shownMost;
  const why = ({ Refused: counts }: RefusedFrom) =>
    countsOf(counts)
      .filter(({ count }) => count > 0)
      .map(({ reason, count }) => <div key={reason}>{words.reason(words.reasons[reason], formats.number(count))}</div>);
  return (
    <Table
      variant="embedded"
      wrapLines
      trackBy="Address"
      items={sources.slice(0, shownMost)}
      ariaLabels={{ tableLabel: words.latest }}
      empty={words.none}
      footer={rest > 0 && <Box>{words.more(rest)}</Box>}
      columnDefinitions={labelled<RefusedFrom>([
        { id: 'address', header: words.address, cell: (from) => from.Address, isRowHeader: true },
        { id: 'last', header: words.last, cell: (from) => formats.ago(from.LastAt, asOf) },
        { id: 'why', header: words.why, cell: why },
      ])}
    />
  );
}
