import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Rotation } from '../../api/own';
import { Words } from '../../components/words';
import { lookOf } from './stepper';
import { sentenceOf, useWords } from './words';

/** Where a rotation is, to be read from across the room. */
export function Headline({ rotation }: { rotation: Rotation }) {
  const words = useWords();
  const look = lookOf(rotation.State);
  return (
    <SpaceBetween size="xxs">
      <Box
        variant="h2"
        fontSize="display-l"
        fontWeight="bold"
        color={look === 'error' ? 'text-status-error' : 'inherit'}
      >
        {words.text.state[rotation.State]}
      </Box>
      <Box fontSize="heading-m">
        {rotation.Over ? (
          <StatusIndicator type={look}>
            <Words>{sentenceOf(rotation, words)}</Words>
          </StatusIndicator>
        ) : (
          sentenceOf(rotation, words)
        )}
      </Box>
    </SpaceBetween>
  );
}
