import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Rotation } from '../../api/own';
import { Problem } from '../../components/problem';
import { useRotations } from '../../data/rotation';
import { useText } from '../../i18n';
import { Receipt } from './receipt';
import { lookOf } from './stepper';
import { useWords } from './words';

/** The rotations of the group that are over, newest first. */
export function History({ id }: { id: string }) {
  const { common } = useText();
  const { history: say } = useWords().text;
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useRotations(id);
  const over = data?.pages.flatMap((page) => page.Rotations).filter((r) => r.Over) ?? [];
  return (
    <Container header={<Header variant="h2">{say.title}</Header>}>
      <SpaceBetween size="m">
        {!data && <Problem error={error} header={common.failedToLoad} onRetry={() => refetch()} />}
        {isPending && <StatusIndicator type="loading">{common.loading}</StatusIndicator>}
        {data && over.length === 0 && <Box>{say.empty}</Box>}
        {over.map((r) => (
          <Entry key={r.RotationId} rotation={r} />
        ))}
        {hasNextPage && (
          <Button loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
            {say.more}
          </Button>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Entry({ rotation: r }: { rotation: Rotation }) {
  const { text, formats } = useWords();
  return (
    <ExpandableSection
      headingTagOverride="h3"
      headerText={
        <>
          <StatusIndicator type={lookOf(r.State)}>{text.state[r.State]}</StatusIndicator>{' '}
          {text.history.ended(formats.dateTime(r.EndedAt))}
        </>
      }
    >
      <Receipt rotation={r} />
    </ExpandableSection>
  );
}
