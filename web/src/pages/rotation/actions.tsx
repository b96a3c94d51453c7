import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Rotation } from '../../api/own';
import { Confirm } from '../../components/confirm';
import { type RotationAction, useRotationAction } from '../../data/rotation';
import { consequences, type Known } from './consequences';
import { actionsOf } from './progress';
import { useWords } from './words';

const order: RotationAction[] = ['cancel', 'rollBack', 'finish'];

interface ActionsProps {
  rotation: Rotation;
  known: Known;
}

/** What can be done about a rotation that is under way; each says first what it leads to. */
export function Actions({ rotation, known }: ActionsProps) {
  const { text } = useWords();
  const [asked, setAsked] = useState<RotationAction>();
  const possible = actionsOf(rotation);
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        {order.map((action) => (
          <Button
            key={action}
            variant={action === 'finish' ? 'primary' : 'normal'}
            disabled={!possible[action]}
            disabledReason={text.actions.disabled[action]}
            onClick={() => setAsked(action)}
          >
            {text.actions[action]}
          </Button>
        ))}
      </SpaceBetween>
      {asked && <Ask action={asked} rotation={rotation} known={known} close={() => setAsked(undefined)} />}
    </>
  );
}

interface AskProps extends ActionsProps {
  action: RotationAction;
  close(): void;
}

/** Says what the action leads to, as of now: the state may change while one reads. */
function Ask({ action, rotation, known, close }: AskProps) {
  const words = useWords();
  const { actions, confirm, secure } = words.text;
  const endsPlaintext = action === 'finish' && rotation.State === 'awaiting-tls';
  const change = useRotationAction(rotation.ReplicationGroupId, close);
  return (
    <Confirm
      title={endsPlaintext ? secure.confirm.finishTitle : confirm[`${action}Title`]}
      submit={actions[action]}
      keep={actions.keep}
      running={change.isPending}
      disabled={!actionsOf(rotation)[action]}
      error={change.error}
      onSubmit={() => change.mutate(action)}
      onClose={close}
    >
      {consequences(action, rotation, known, words).map((line) => (
        <Box key={line} variant="p">
          {line}
        </Box>
      ))}
    </Confirm>
  );
}
