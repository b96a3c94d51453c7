import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { TransitUsage } from '../../../api/own';
import { secondsOf } from '../../../cache/durations';
import { Words } from '../../../components/words';
import { Say, useTell } from '../../../facts/use-tell';
import { useFormats, useText } from '../../../i18n';
import { href, paths } from '../../../paths';
import { useFollow } from '../../../shell/follow';
import { firstFew, mostFirst, nameOf } from '../../rotation/clients';

/** Who connects without TLS, and what would become of them if it were required now. */
export function Plaintext({ id, usage }: { id: string; usage: TransitUsage }) {
  const { connectivity } = useText().group;
  const words = connectivity.tls.plaintext;
  const formats = useFormats();
  const tell = useTell();
  const { Plaintext: use, OnRequired: forecast } = usage;
  const lastUsed = use.LastUsed ? formats.ago(use.LastUsed, usage.AsOf) : words.never;
  return (
    <SpaceBetween size="m">
      <Header variant="h3">{words.title}</Header>
      <StatusIndicator type={lookOf(usage)}>
        <Words>
          <Say fact={forecast.Fact} english={forecast.Text} />
        </Words>
      </StatusIndicator>
      <KeyValuePairs
        columns={4}
        minColumnWidth={200}
        items={[
          { label: words.connections, value: formats.number(use.Connections) },
          { label: words.lastUsed, value: use.Connections > 0 ? connectivity.now : lastUsed },
          { label: words.tls, value: formats.number(usage.TlsConnections) },
          { label: words.clients, value: <Clients usage={usage} /> },
        ]}
      />
      {usage.MissingNodes.map(({ CacheClusterId, Reason, Fact }) => (
        <Box key={CacheClusterId} color="text-status-warning">
          {connectivity.missing(CacheClusterId, tell(Fact, Reason).words)}
        </Box>
      ))}
      {usage.GatelessNodes.map((node) => (
        <Box key={node} color="text-status-warning">
          {connectivity.tls.gateless(node)}
        </Box>
      ))}
      <Guard id={id} usage={usage} />
    </SpaceBetween>
  );
}

function lookOf({ Mode, OnRequired, Complete }: TransitUsage): StatusIndicatorProps.Type {
  if (Mode === 'none') return 'info'; // it cannot be required yet
  if (OnRequired.Refused) return 'error';
  return OnRequired.InUse || !Complete ? 'warning' : 'success';
}

const shownMost = 5;

function Clients({ usage: { Plaintext: use } }: { usage: TransitUsage }) {
  const { common, group, rotation } = useText();
  const words = group.connectivity.tls.plaintext;
  const formats = useFormats();
  const { shown, rest } = firstFew(mostFirst(use.Clients), shownMost, use.OtherClients);
  if (shown.length === 0 && !rest) return <>{common.none}</>;
  const say = rotation.clients;
  const lines = shown.map((c) => ({ name: nameOf(c, say.formerly), connections: c.Connections }));
  if (rest) lines.push({ name: say.rest(rest.clients, rest.more), connections: rest.connections });
  return (
    <>
      {lines.map(({ name, connections }) => (
        <div key={name}>{words.client(name, formats.number(connections))}</div>
      ))}
    </>
  );
}

/** What the service does if somebody is in plaintext when TLS is to be required. */
function Guard({ id, usage: { OnRequired } }: { id: string; usage: TransitUsage }) {
  const { connectivity } = useText().group;
  const words = connectivity.tls;
  const formats = useFormats();
  const follow = useFollow();
  const quiet = secondsOf(OnRequired.Quiet) ?? 0;
  return (
    <SpaceBetween size="xs">
      <KeyValuePairs
        columns={2}
        minColumnWidth={260}
        items={[
          { label: 'aikagi:tls-guard', value: words.guard[OnRequired.Guard] ?? OnRequired.Guard },
          {
            label: 'aikagi:tls-guard-quiet',
            value: quiet === 0 ? words.guardQuiet.none : words.guardQuiet.within(formats.duration(quiet)),
          },
        ]}
      />
      <Link href={href(paths.group(id, 'tags'))} onFollow={follow}>
        {connectivity.guardTags}
      </Link>
    </SpaceBetween>
  );
}
