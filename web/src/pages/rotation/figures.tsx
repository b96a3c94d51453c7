import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { CredentialUsage, Rotation, Usage } from '../../api/own';
import { useServerNow } from './clock';
import { figure, waitFigure } from './figure';
import { Lower } from './lower';
import { refusedSoFar, usageOf, waitsOf } from './progress';
import { useWords, type Words } from './words';

interface FiguresProps {
  rotation: Rotation;
  usage: Usage | undefined;
  heardAt: number; // when the usage was heard, by the page's clock
}

/** The numbers to watch, and for how much longer the rotation waits. */
export function Figures({ rotation: r, usage, heardAt }: FiguresProps) {
  const words = useWords();
  const { text, formats } = words;
  const now = useServerNow(usage?.AsOf, heardAt);
  const connections = (of: CredentialUsage | undefined) => (usage ? formats.number(of?.Connections ?? 0) : '…');
  const old = usageOf(usage, r.OldCredential);
  const fresh = usageOf(usage, r.NewCredential);
  const refused = refusedSoFar(r, usage);
  const counted = (below: string) => (
    <>
      {below}
      <Lower usage={usage} />
    </>
  );
  const items = [
    figure(text.figures.old, connections(old), counted(belowText(old, r.OldCredential, usage, words, now))),
    figure(text.figures.fresh, connections(fresh), counted(belowText(fresh, r.NewCredential, usage, words, now))),
  ];
  if (r.SetAt || r.State === 'setting' || r.State === 'brownout' || refused > 0) {
    const evicted = r.EvictedConnections > 0 ? text.figures.evicted(formats.number(r.EvictedConnections)) : '';
    const below = counted(evicted || text.figures.since);
    items.push(figure(text.figures.refused, formats.number(refused), below, refused > 0));
  }
  for (const wait of waitsOf(r, usage, now)) items.push(waitFigure(wait, words));
  return <KeyValuePairs columns={4} minColumnWidth={210} items={items} />;
}

/** Under a number: whose it is, and when it was used last. */
function belowText(
  u: CredentialUsage | undefined,
  credential: string,
  usage: Usage | undefined,
  words: Words,
  now: Date,
) {
  const { text, formats } = words;
  if (!usage) return text.figures.asking;
  const parts = credential ? [words.label(credential)] : [];
  if (u?.LastUsed && u.Connections === 0) parts.push(text.figures.lastUsed(formats.ago(u.LastUsed, now)));
  const unused = usage.Complete && !u?.LastUsed && !u?.Connections;
  if (credential && unused) parts.push(text.figures.neverUsed);
  if (u && u.LastMinute > 0) parts.push(text.figures.minute(formats.number(u.LastMinute)));
  return parts.join(' · ');
}
