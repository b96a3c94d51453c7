import Box from '@cloudscape-design/components/box';
import { useText } from '../../i18n';
import { missingFrom, type Told } from './progress';

/** Says under a figure that it is a lower bound, where a node could not be asked. */
export function Lower({ usage }: { usage: Told | undefined }) {
  const { rotation: text } = useText();
  const missing = missingFrom(usage);
  if (!missing) return null;
  return (
    <Box variant="small" display="block" color="text-status-warning">
      {text.figures.lower(missing)}
    </Box>
  );
}
