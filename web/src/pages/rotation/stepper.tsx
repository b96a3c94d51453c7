import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Steps from '@cloudscape-design/components/steps';
import type { Rotation, RotationState } from '../../api/own';
import { useNarrow } from '../../components/narrow';
import { type Step, type StepStanding, stepsOf } from './progress';
import { useWords } from './words';

const looks: Record<StepStanding, StatusIndicatorProps.Type> = {
  passed: 'success',
  current: 'in-progress',
  ahead: 'pending',
  skipped: 'not-started',
  found: 'warning',
  left: 'stopped',
};

const ends: Partial<Record<RotationState, StatusIndicatorProps.Type>> = {
  done: 'success',
  'rolled-back': 'warning',
  cancelled: 'stopped',
  failed: 'error',
};

/** How the state of a rotation looks. */
export const lookOf = (state: RotationState): StatusIndicatorProps.Type => ends[state] ?? 'in-progress';

/** All steps of a rotation, and where it is. */
export function Stepper({ rotation }: { rotation: Rotation }) {
  const { text, formats } = useWords();
  const narrow = useNarrow(992); // there is no room for steps side by side
  const statusOf = (step: Step) => (step.standing === 'current' ? lookOf(rotation.State) : looks[step.standing]);
  return (
    <Steps
      orientation={narrow ? 'vertical' : 'horizontal'}
      ariaLabel={text.title}
      steps={stepsOf(rotation).map((step) => ({
        status: statusOf(step),
        statusIconAriaLabel: rotation.Over && step.standing === 'current' ? undefined : text.standing[step.standing],
        header: <Name step={step} over={rotation.Over} />,
        details: step.standing === 'found' ? text.standing.found : step.at && formats.time(step.at),
      }))}
    />
  );
}

/** The step that a rotation is in stands out, by more than a colour. */
function Name({ step, over }: { step: Step; over: boolean }) {
  const name = useWords().text.steps[step.name];
  if (step.standing !== 'current') {
    return (
      <Box variant="span" color={step.standing === 'passed' ? 'inherit' : 'text-body-secondary'}>
        {name}
      </Box>
    );
  }
  return (
    <span aria-current="step">
      {over ? (
        <Box variant="span" fontWeight="bold">
          {name}
        </Box>
      ) : (
        <Badge color="blue">{name}</Badge>
      )}
    </span>
  );
}
