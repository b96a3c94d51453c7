import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { nextWindow, windowWords } from '../../../cache/next-window';
import { useAccess, useClusters } from '../../../data/group';
import { useFormats, useLanguage, useText } from '../../../i18n';
import { nothing } from '../../../i18n/format';
import { href, paths } from '../../../paths';
import { useFollow } from '../../../shell/follow';
import { Pending } from './pending';
import { Schedule } from './schedule';

/** What is done to a group in which hours. */
export function Maintenance({ group }: { group: ReplicationGroup }) {
  const { common, group: text } = useText();
  const follow = useFollow();
  const id = group.ReplicationGroupId ?? '';
  const { data: access } = useAccess(id);
  const modify = (
    <Button href={href(paths.modify(id))} onFollow={follow}>
      {common.modify}
    </Button>
  );
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" actions={modify}>
            {text.tabs.maintenance}
          </Header>
        }
      >
        <Facts group={group} />
      </Container>
      <Schedule id={id} schedule={access?.RotationSchedule} />
    </SpaceBetween>
  );
}

function Facts({ group }: { group: ReplicationGroup }) {
  const { common, group: text } = useText();
  const words = text.maintenance;
  const formats = useFormats();
  const { language } = useLanguage();
  const [node] = useClusters(group.ReplicationGroupId ?? '', group.MemberClusters ?? []).data ?? [];
  const now = new Date();
  const window = nextWindow(node?.PreferredMaintenanceWindow, now);
  const next = window && (window.from <= now ? words.openNow : formats.dateTime(window.from));
  return (
    <KeyValuePairs
      columns={3}
      items={[
        {
          label: words.window,
          value: window ? windowWords(window, language, 'UTC') : (node?.PreferredMaintenanceWindow ?? nothing),
        },
        { label: words.localWindow, value: window ? windowWords(window, language) : nothing },
        { label: words.nextWindow, value: next ?? nothing },
        { label: words.minorUpgrade, value: group.AutoMinorVersionUpgrade ? common.enabled : common.disabled },
        { label: words.pending, value: <Pending cluster={node} /> },
      ]}
    />
  );
}
