import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState } from 'react';
import type { CacheMove, Move } from '../../../api/own';
import { Words } from '../../../components/words';
import type { Movable, MoveEnding } from '../../../data/move';
import { useTell } from '../../../facts/use-tell';
import { useFormats, useText } from '../../../i18n';
import { EndDialog } from './end-dialog';
import { endingsOf, hiddenPlan, stageOf } from './state';
import { Clients, Places } from './tables';

interface UnderWayProps {
  cache: Movable;
  now: CacheMove;
  move: Move;
}

/** A move that is on: how far it is, where the cache serves, and who is still to leave. */
export function UnderWay({ cache, now, move }: UnderWayProps) {
  const { connectivity, move: words } = useText().group;
  const formats = useFormats();
  const tell = useTell();
  const stage = stageOf(move);
  const closes = move.CloseAt ? formats.dateTime(move.CloseAt) : words.onRequest;
  return (
    <SpaceBetween size="l">
      <StatusIndicator type={stage === 'open' ? 'success' : 'in-progress'}>
        <Words>{words.stages[stage](move.FromPlan, move.ToPlan)}</Words>
      </StatusIndicator>
      {cache.kind === 'cluster' && now.StatusReason && <Box color="text-status-warning">{now.StatusReason}</Box>}
      <KeyValuePairs
        columns={3}
        minColumnWidth={200}
        items={[
          { label: words.started, value: formats.dateTime(move.StartedAt) },
          { label: words.opened, value: formats.dateTime(move.OpenedAt) },
          { label: words.closes(move.FromPlan), value: closes },
        ]}
      />
      <Endings cache={cache} now={now} move={move} />
      <Places places={now.Places} shown={now.AddressPlan} other={hiddenPlan(move)} />
      <Clients plan={hiddenPlan(move)} shown={false} now={now} />
      <Clients plan={now.AddressPlan} shown now={now} />
      {now.MissingNodes.map(({ CacheClusterId, Reason, Fact }) => (
        <Box key={CacheClusterId} color="text-status-warning">
          {connectivity.missing(CacheClusterId, tell(Fact, Reason).words)}
        </Box>
      ))}
    </SpaceBetween>
  );
}

/** The ways out of it; each says first what it leads to. */
function Endings({ cache, now, move }: UnderWayProps) {
  const { move: words } = useText().group;
  const [asked, setAsked] = useState<MoveEnding>();
  const possible = endingsOf(now);
  const button = (ending: MoveEnding) => (
    <Button
      variant={ending === 'finish' ? 'primary' : 'normal'}
      disabled={!possible[ending]}
      disabledReason={words.notNow}
      onClick={() => setAsked(ending)}
    >
      {words[ending].open}
    </Button>
  );
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        {button('finish')}
        {button('cancel')}
      </SpaceBetween>
      {asked && <EndDialog cache={cache} ending={asked} now={now} move={move} onClose={() => setAsked(undefined)} />}
    </>
  );
}
