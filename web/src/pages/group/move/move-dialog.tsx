import Box from '@cloudscape-design/components/box';
import { useState } from 'react';
import { Confirm } from '../../../components/confirm';
import { type Movable, useMoveTo } from '../../../data/move';
import { useFormats, useText } from '../../../i18n';
import { useNotices } from '../../../shell/notices';
import { TimeField } from './time-field';

const never = 0;
const closings = [never, 3600, 24 * 3600, 7 * 24 * 3600]; // seconds

interface MoveDialogProps {
  cache: Movable;
  to: string;
  onClose(): void;
}

/** Says what it means to move a cache to another address plan, and has it done. */
export function MoveDialog({ cache, to, onClose }: MoveDialogProps) {
  const { addressPlans, move: words } = useText().group;
  const formats = useFormats();
  const { tell } = useNotices();
  const [closeAfter, setCloseAfter] = useState(never);
  const change = useMoveTo(cache, () => {
    tell('success', words.begun(cache.id, to));
    onClose();
  });
  const after = (seconds: number) => (seconds === never ? words.never : words.after(formats.duration(seconds)));
  return (
    <Confirm
      title={words.title(cache.id, to)}
      submit={words.submit}
      running={change.isPending}
      error={change.error}
      onSubmit={() =>
        change.mutate({ AddressPlan: to, CloseAfter: closeAfter === never ? undefined : `${closeAfter}s` })
      }
      onClose={onClose}
    >
      <Box variant="strong">{addressPlans[to] ?? to}</Box>
      <Box>{words.effect}</Box>
      <TimeField
        label={words.closeAfter}
        hint={closeAfter === never ? words.neverHint : words.afterHint}
        value={closeAfter}
        values={closings}
        say={after}
        onChange={setCloseAfter}
      />
    </Confirm>
  );
}
