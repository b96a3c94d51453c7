import Box from '@cloudscape-design/components/box';
import Checkbox from '@cloudscape-design/components/checkbox';
import { useState } from 'react';
import { codeOf } from '../../../api/error';
import type { CacheMove, Move } from '../../../api/own';
import { Confirm } from '../../../components/confirm';
import { type Movable, type MoveEnding, useEndMove } from '../../../data/move';
import { useFormats, useText } from '../../../i18n';
import { useNotices } from '../../../shell/notices';
import { closedPlan, endingsOf } from './state';
import { TimeField } from './time-field';

const quietTimes = [0, 60, 600, 3600, 24 * 3600]; // seconds
const usual = 600; // the service's default

interface EndDialogProps {
  cache: Movable;
  ending: MoveEnding;
  now: CacheMove;
  move: Move;
  onClose(): void;
}

/** Ends a move: closes one of the two kinds of addresses. Clients can be sent away once they were seen to be in the way. */
export function EndDialog({ cache, ending, now, move, onClose }: EndDialogProps) {
  const { move: all } = useText().group;
  const words = all[ending];
  const formats = useFormats();
  const { tell } = useNotices();
  const [quiet, setQuiet] = useState(usual);
  const [inTheWay, setInTheWay] = useState(false);
  const [force, setForce] = useState(false);
  const plan = closedPlan(move, ending);
  const change = useEndMove(cache, ending, () => {
    tell('success', words.done(cache.id, plan));
    onClose();
  });
  // Of a move that is open nothing else is refused with this code.
  const refused = (error: unknown) => setInTheWay(codeOf(error) === 'InvalidParameterCombination');
  return (
    <Confirm
      title={words.title(cache.id)}
      submit={words.submit}
      keep={all.keep}
      running={change.isPending}
      disabled={!endingsOf(now)[ending]}
      error={change.error}
      onSubmit={() => change.mutate({ Quiet: `${quiet}s`, Force: force }, { onError: refused })}
      onClose={onClose}
    >
      <Box>{words.effect(plan)}</Box>
      {move.State === 'open' && !force && (
        <TimeField
          label={all.quiet}
          hint={all.quietHint(plan)}
          value={quiet}
          values={quietTimes}
          say={(seconds) => (seconds === 0 ? all.connectedOnly : formats.duration(seconds))}
          onChange={setQuiet}
        />
      )}
      {inTheWay && (
        <Checkbox
          checked={force}
          description={all.forceEffect(plan)}
          onChange={({ detail }) => setForce(detail.checked)}
        >
          {all.force}
        </Checkbox>
      )}
    </Confirm>
  );
}
