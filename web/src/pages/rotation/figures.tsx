import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { ReactNode } from 'react';
import type { CredentialUsage, Rotation, Usage } from '../../api/own';
import { countdown } from '../../cache/durations';
import { useServerNow } from './clock';
import { Lower } from './lower';
import { refusedSoFar, usageOf, type Wait, waitsOf } from './progress';
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

function figure(label: string, value: string, below: ReactNode, alarming = false) {
  return {
    label,
    value: (
      <>
        <Box fontSize="display-l" fontWeight="bold" color={alarming ? 'text-status-error' : 'inherit'}>
          {value}
        </Box>
        <Box variant="small" display="block">
          {below}
        </Box>
      </>
    ),
  };
}

function waitFigure(wait: Wait, { text, formats }: Words) {
  const { wait: say } = text;
  const clock = (seconds: number) => {
    if (seconds <= 0) return say.soon;
    const { days, clock } = countdown(seconds);
    return days > 0 ? `${say.days(days)} ${clock}` : clock;
  };
  switch (wait.for) {
    case 'quiet': {
      const rule = formats.duration(wait.rule);
      if (wait.seconds !== undefined) return figure(say.quiet, clock(wait.seconds), say.quietLeft(rule));
      return figure(say.quiet, say.held, say.quietHeld(wait.connections, formats.number(wait.connections), rule));
    }
    case 'owner':
      return figure(say.title, say.owner, say.ownerText);
    case 'nodes':
      return figure(say.title, say.nodes, say.nodesText);
    case 'now':
      return figure(say.now, say.soon, say.nowText);
    default:
      return figure(say[wait.for], clock(wait.seconds), say[`${wait.for}Left`]);
  }
}
