import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { Client } from '../../api/own';
import { labelled } from '../../components/labelled';
import { nothing } from '../../i18n/format';
import { firstFew } from './clients';
import type { Told } from './progress';
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

interface ClientTableProps {
  title: string;
  description: string;
  clients: Client[];
  others: Client | undefined; // the sum of those that the service does not list
  told: Told | undefined; // by the nodes; undefined while they are asked
  refusals?: boolean; // whether they can be refused and still be here
}

/** Clients that hold a rotation up. */
export function ClientTable({ title, description, clients, others, told, refusals = false }: ClientTableProps) {
  const { text, formats } = useWords();
  const { clients: say } = text;
  const lines = linesOf();
  const of = (value: (c: Client) => string) => (line: Line) => (line.client && value(line.client)) || nothing;

  function linesOf(): Line[] {
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

  const refused = {
    id: 'refused',
    header: say.refused,
    cell: (line: Line) => formats.number(line.refused),
    minWidth: 90,
  };
  return (
    <Table
      variant="container"
      items={lines}
      trackBy="key"
      wrapLines
      loading={!told}
      loadingText={text.figures.asking}
      header={
        <Header
          variant="h2"
          counter={told && `(${clients.length}${told.Complete ? '' : '+'})`}
          description={description}
        >
          {title}
        </Header>
      }
      ariaLabels={{ tableLabel: title }}
      empty={<Box textAlign="center">{told?.Complete === false ? say.emptyUnknown : say.empty}</Box>}
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
        ...(refusals ? [refused] : []),
        { id: 'seen', header: say.lastSeen, cell: of((c) => formats.ago(c.LastSeen, told?.AsOf)), minWidth: 120 },
      ])}
    />
  );
}
