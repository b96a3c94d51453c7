import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { Client, Rotation, Usage } from '../../api/own';
import { labelled } from '../../components/labelled';
import { nothing } from '../../i18n/format';
import { firstFew, leftOn } from './clients';
import { usageOf } from './progress';
import { useWords } from './words';

const shownMost = 12;

/** One line: a client, or the sum of those that are not shown. */
interface Line {
  key: string;
  name: string;
  client?: Client;
  connections: number;
  refused: number;
}

/** The clients that still use the old credential. */
export function LeftOnOld({ rotation: r, usage }: { rotation: Rotation; usage: Usage | undefined }) {
  const { text, formats, label } = useWords();
  const { clients: say } = text;
  const old = usageOf(usage, r.OldCredential);
  const left = leftOn(old, r);
  const lines = linesOf(left, old?.OtherClients);
  const of = (value: (c: Client) => string) => (line: Line) => (line.client && value(line.client)) || nothing;

  function linesOf(clients: Client[], others: Client | undefined): Line[] {
    const { shown, rest } = firstFew(clients, shownMost, others);
    const lines = shown.map((client): Line => {
      const formerly = client.FormerNames.length > 0 && say.formerly(client.FormerNames.join(', '));
      return {
        key: [client.Address, client.Name, client.Library, client.LibraryVersion].join('\n'),
        name: client.Name || formerly || say.unnamed,
        client,
        connections: client.Connections,
        refused: client.Refused,
      };
    });
    if (rest) lines.push({ key: 'rest', name: say.rest(rest.clients, rest.more), ...rest });
    return lines;
  }

  return (
    <Table
      variant="container"
      items={lines}
      trackBy="key"
      wrapLines
      loading={!usage}
      loadingText={text.figures.asking}
      header={
        <Header
          variant="h2"
          counter={usage && `(${left.length}${usage.Complete ? '' : '+'})`}
          description={`${label(r.OldCredential)} · ${say.description}`}
        >
          {say.title}
        </Header>
      }
      ariaLabels={{ tableLabel: say.title }}
      empty={<Box textAlign="center">{usage?.Complete === false ? say.emptyUnknown : say.empty}</Box>}
      columnDefinitions={labelled([
        { id: 'name', header: say.name, cell: (line) => line.name, isRowHeader: true, minWidth: 140 },
        {
          id: 'connections',
          header: say.connections,
          cell: (line) => <Box fontWeight="bold">{formats.number(line.connections)}</Box>,
          minWidth: 110,
        },
        { id: 'address', header: say.address, cell: of((c) => c.Address), minWidth: 120 },
        {
          id: 'library',
          header: say.library,
          cell: of((c) => `${c.Library} ${c.LibraryVersion}`.trim()),
          minWidth: 120,
        },
        { id: 'nodes', header: say.nodes, cell: of((c) => c.Nodes.join(', ')), minWidth: 120 },
        { id: 'refused', header: say.refused, cell: (line) => formats.number(line.refused), minWidth: 90 },
        { id: 'seen', header: say.lastSeen, cell: of((c) => formats.ago(c.LastSeen, usage?.AsOf)), minWidth: 120 },
      ])}
    />
  );
}
