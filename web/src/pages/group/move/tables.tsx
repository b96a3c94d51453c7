import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { CacheMove, MovedPlace, PlaceClient } from '../../../api/own';
import { Copyable } from '../../../components/copy';
import { labelled } from '../../../components/labelled';
import { useFormats, useText } from '../../../i18n';
import { usePageText } from '../../../i18n/page-text';
import { securityWords } from '../../../i18n/security';
import { clientsAt } from './state';

interface PlacesProps {
  places: MovedPlace[];
  shown: string; // plans
  other: string;
}

/** Every endpoint and node by both plans. */
export function Places({ places, shown, other }: PlacesProps) {
  const { facts, node, move: words } = useText().group;
  const endpoints: Record<string, string> = { primary: facts.primaryEndpoint, reader: facts.readerEndpoint };
  const nameOf = (p: MovedPlace) =>
    p.Endpoint ? (endpoints[p.Endpoint] ?? p.Endpoint) : `${node} ${p.CacheClusterId}`;
  return (
    <Table
      variant="embedded"
      wrapLines
      items={places}
      trackBy={(p) => p.Endpoint || p.CacheClusterId}
      header={<Header variant="h3">{words.places}</Header>}
      ariaLabels={{ tableLabel: words.places }}
      columnDefinitions={labelled<MovedPlace>([
        { id: 'place', header: words.place, cell: nameOf, isRowHeader: true },
        { id: 'shown', header: words.shownBy(shown), cell: (p) => <Copyable value={p.Shown} /> },
        { id: 'other', header: words.otherBy(other), cell: (p) => <Copyable value={p.Other} /> },
      ])}
    />
  );
}

const shownMost = 20;

interface ClientsProps {
  plan: string;
  shown: boolean; // whether these addresses are
  now: CacheMove;
}

/** Who came through the addresses of a plan, and is perhaps still there. */
export function Clients({ plan, shown, now }: ClientsProps) {
  const { connectivity, move: words } = useText().group;
  const { refused } = usePageText(securityWords);
  const formats = useFormats();
  const clients = clientsAt(now, shown);
  const rest = clients.length - shownMost;
  const seen = (c: PlaceClient) => (c.Connections > 0 ? connectivity.now : formats.ago(c.LastAt, now.AsOf));
  return (
    <Table
      variant="embedded"
      wrapLines
      items={clients.slice(0, shownMost)}
      trackBy={(c) => `${c.Address} ${c.Place}`}
      header={
        <Header variant="h3" counter={`(${clients.length}${now.Complete ? '' : '+'})`}>
          {words.clientsOf(plan)}
        </Header>
      }
      ariaLabels={{ tableLabel: words.clientsOf(plan) }}
      empty={now.Complete ? words.nobody : words.unknown}
      footer={rest > 0 && <Box>{refused.more(rest)}</Box>}
      columnDefinitions={labelled<PlaceClient>([
        { id: 'client', header: words.client, cell: (c) => c.Address, isRowHeader: true },
        { id: 'at', header: words.at, cell: (c) => c.Place },
        { id: 'connections', header: words.connections, cell: (c) => formats.number(c.Connections) },
        { id: 'opened', header: words.openedConnections, cell: (c) => formats.number(c.Opened) },
        { id: 'seen', header: words.lastSeen, cell: seen },
      ])}
    />
  );
}
