import Box from '@cloudscape-design/components/box';
import type { ReactNode } from 'react';
import { countdown } from '../../cache/durations';
import type { Wait } from './progress';
import type { Words } from './words';

/** A number to be read from across the room, with what it is above it and more about it below. */
export function figure(label: string, value: string, below: ReactNode, alarming = false) {
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

/** What is waited for; ends says in whose words: those of the old credential, or of plaintext. */
export function waitFigure(wait: Wait, { text, formats }: Words, ends: 'old' | 'plaintext' = 'old') {
  const say = ends === 'old' ? text.wait : { ...text.wait, ...text.secure.wait };
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
