import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Rotation, Usage } from '../../api/own';
import { Confirm } from '../../components/confirm';
import { type RotationAction, useRotationAction } from '../../data/rotation';
import { consequences } from './consequences';
import { actionsOf } from './progress';
import { useWords } from './words';

const order: RotationAction[] = ['cancel', 'rollBack', 'finish'];

interface ActionsProps {
  rotation: Rotation;
  usage: Usage | undefined;
}

/** What can be done about a rotation that is under way; each says first what it leads to. */
export function Actions({ rotation, usage }: ActionsProps) {
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
      {asked && <Ask action={asked} rotation={rotation} usage={usage} close={() => setAsked(undefined)} />}
    </>
  );
}

interface AskProps extends ActionsProps {
  action: RotationAction;
  close(): void;
}

/** Says what the action leads to, as of now: the state may change while one reads. */
function Ask({ action, rotation, usage, close }: AskProps) {
  const words = useWords();
  const { actions, confirm } = words.text;
  const change = useRotationAction(rotation.ReplicationGroupId, close);
  return (
    <Confirm
      title={confirm[`${action}Title`]}
      submit={actions[action]}
      keep={actions.keep}
      running={change.isPending}
      disabled={!actionsOf(rotation)[action]}
      error={change.error}
      onSubmit={() => change.mutate(action)}
      onClose={close}
    >
      {consequences(action, rotation, usage, words).map((line) => (
        <Box key={line} variant="p">
          {line}
        </Box>
      ))}
    </Confirm>
  );
}
