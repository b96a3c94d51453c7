import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Access, Rotation, Usage } from '../../api/own';
import { Words } from '../../components/words';
import { Credentials } from './credentials';
import { Headline } from './headline';
import { Lower } from './lower';
import { missingFrom, usageOf } from './progress';
import { Receipt } from './receipt';
import { Stepper } from './stepper';
import { useWords } from './words';

interface EndedProps {
  access: Access;
  rotation: Rotation;
  usage: Usage | undefined;
  onClose(): void;
}

/** How the rotation ended that was watched here. */
export function Ended({ access, rotation: r, usage, onClose }: EndedProps) {
  const { text } = useWords();
  const again = access.Credentials.length > 1 ? text.done.finishLater : text.done.again;
  return (
    <SpaceBetween size="l">
      <Container footer={<Button onClick={onClose}>{again}</Button>}>
        <SpaceBetween size="l">
          <Headline rotation={r} />
          <StillOpen rotation={r} usage={usage} />
          <Stepper rotation={r} />
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">{text.receipt.title}</Header>}>
        <Receipt rotation={r} />
      </Container>
      <Credentials access={access} usage={usage} />
    </SpaceBetween>
  );
}

/** Connections outlive the end of what they were opened with. */
function StillOpen({ rotation: r, usage }: { rotation: Rotation; usage: Usage | undefined }) {
  const { text, formats } = useWords();
  const open = usageOf(usage, r.OldCredential)?.Connections ?? 0;
  const missing = missingFrom(usage);
  if (r.State !== 'done' || (open === 0 && !missing)) return null;
  return (
    <div>
      <Box fontSize="heading-m">
        {open > 0 ? (
          <StatusIndicator type="info">
            <Words>{text.done.stillOpen(open, formats.number(open))}</Words>
          </StatusIndicator>
        ) : (
          <StatusIndicator type="warning">
            <Words>{text.done.openUnknown(missing)}</Words>
          </StatusIndicator>
        )}
      </Box>
      {open > 0 && <Lower usage={usage} />}
    </div>
  );
}
