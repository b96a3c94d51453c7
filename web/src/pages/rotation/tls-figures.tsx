import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { PlaintextUse, Rotation, TransitUsage } from '../../api/own';
import { useServerNow } from './clock';
import { figure, waitFigure } from './figure';
import { Lower } from './lower';
import { waitsOf } from './progress';
import { useWords, type Words } from './words';

interface TlsFiguresProps {
  rotation: Rotation;
  transit: TransitUsage | undefined;
  heardAt: number; // when that was heard, by the page's clock
}

/** The numbers to watch while clients change over to TLS. */
export function TlsFigures({ rotation, transit, heardAt }: TlsFiguresProps) {
  const words = useWords();
  const { text, formats } = words;
  const { figures: say } = text.secure;
  const now = useServerNow(transit?.AsOf, heardAt);
  const connections = (n: number | undefined) => (transit ? formats.number(n) : '…');
  const counted = (below: string) => (
    <>
      {below}
      <Lower usage={transit} />
    </>
  );
  const plaintext = transit?.Plaintext;
  const items = [
    figure(say.plaintext, connections(plaintext?.Connections), counted(plaintextText(plaintext, words, now))),
    figure(say.tls, connections(transit?.TlsConnections), counted(transit ? '' : text.figures.asking)),
    ...waitsOf(rotation, undefined, now, transit).map((wait) => waitFigure(wait, words, 'plaintext')),
  ];
  return <KeyValuePairs columns={4} minColumnWidth={210} items={items} />;
}

/** When plaintext was used last, and how often of late. */
function plaintextText(use: PlaintextUse | undefined, { text, formats }: Words, now: Date): string {
  if (!use) return text.figures.asking;
  const parts = [];
  if (use.LastUsed && use.Connections === 0) parts.push(text.figures.lastUsed(formats.ago(use.LastUsed, now)));
  if (use.LastMinute > 0) parts.push(text.secure.figures.minute(use.LastMinute, formats.number(use.LastMinute)));
  return parts.join(' · ');
}
