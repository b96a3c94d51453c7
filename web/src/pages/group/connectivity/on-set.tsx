import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Usage } from '../../../api/own';
import { secondsOf } from '../../../cache/durations';
import { Words } from '../../../components/words';
import { Say } from '../../../facts/use-tell';
import { useFormats, useText } from '../../../i18n';
import { href, paths } from '../../../paths';
import { useFollow } from '../../../shell/follow';

const looks = { nothing: 'info', refused: 'error', inUse: 'warning', unknown: 'warning', free: 'success' } as const;

/** What SET of the newest token would do now, and what guards it. */
export function OnSet({ id, usage }: { id: string; usage: Usage }) {
  const { group: text } = useText();
  const words = text.connectivity;
  const formats = useFormats();
  const follow = useFollow();
  const {
    Ends: ends,
    InUse: inUse,
    Refused: refused,
    Text: said,
    Fact: fact,
    Guard: guard,
    Quiet: quiet,
  } = usage.OnSet;
  const verdict = !ends ? 'nothing' : refused ? 'refused' : inUse ? 'inUse' : usage.Complete ? 'free' : 'unknown';
  const told = verdict !== 'nothing' && verdict !== 'free'; // in these two the service says no more
  const quietFor = formats.duration(secondsOf(quiet) ?? 0);
  return (
    <Container header={<Header variant="h2">{words.set.title}</Header>}>
      <SpaceBetween size="m">
        <div>
          <StatusIndicator type={looks[verdict]}>
            <Words>{words.set[verdict]}</Words>
          </StatusIndicator>
          {told && (
            <Box color="text-body-secondary">
              <Say fact={fact} english={said} />
            </Box>
          )}
        </div>
        <KeyValuePairs
          columns={2}
          minColumnWidth={260}
          items={[
            { label: 'aikagi:set-guard', value: words.guard[guard] ?? guard },
            {
              label: 'aikagi:set-guard-quiet',
              value: secondsOf(quiet) === 0 ? words.quiet.none : words.quiet.within(quietFor),
            },
          ]}
        />
        <Link href={href(paths.group(id, 'tags'))} onFollow={follow}>
          {words.guardTags}
        </Link>
      </SpaceBetween>
    </Container>
  );
}
