import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Access, AccessSecurityGroup } from '../../../api/own';
import { Words } from '../../../components/words';
import { useFormats, useText } from '../../../i18n';
import { usePageText } from '../../../i18n/page-text';
import { securityWords } from '../../../i18n/security';
import { href, paths, securityHref } from '../../../paths';
import { useFollow } from '../../../shell/follow';

/** From which addresses clients may connect. */
export function SecurityGroups({ access }: { access: Access | undefined }) {
  const { common } = useText();
  const words = usePageText(securityWords);
  const formats = useFormats();
  const follow = useFollow();
  const manage = (
    <Button href={href(paths.security)} onFollow={follow}>
      {words.manage}
    </Button>
  );
  return (
    <Container
      header={
        <Header variant="h2" actions={manage}>
          {words.title}
        </Header>
      }
    >
      {access === undefined ? (
        <StatusIndicator type="loading">{common.loading}</StatusIndicator>
      ) : (
        <SpaceBetween size="m">
          <SecurityGroupNames groups={access.SecurityGroups} />
          {access.NetworksLeftOut > 0 && (
            <Alert type="warning">{words.cache.leftOut(formats.number(access.NetworksLeftOut))}</Alert>
          )}
        </SpaceBetween>
      )}
    </Container>
  );
}

/** The security groups that a cache names. */
export function SecurityGroupNames({ groups }: { groups: AccessSecurityGroup[] }) {
  const { cache: words } = usePageText(securityWords);
  if (groups.length === 0) {
    return (
      <StatusIndicator type="info">
        <Words>{words.none}</Words>
      </StatusIndicator>
    );
  }
  return (
    <SpaceBetween size="xs">
      {groups.map((group) => (
        <Name key={group.SecurityGroupId} group={group} />
      ))}
    </SpaceBetween>
  );
}

function Name({ group: { SecurityGroupId: id, GroupName: name, Known: known } }: { group: AccessSecurityGroup }) {
  const { cache: words } = usePageText(securityWords);
  const follow = useFollow();
  if (known) {
    return (
      <SpaceBetween direction="horizontal" size="xs">
        <Link href={securityHref.find(id)} onFollow={follow}>
          {name}
        </Link>
        <Box variant="code">{id}</Box>
      </SpaceBetween>
    );
  }
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Box variant="code">{id}</Box>
      <Badge color="severity-medium">{words.everybody}</Badge>
      <Link href={securityHref.create(id)} onFollow={follow}>
        {words.define(id)}
      </Link>
    </SpaceBetween>
  );
}
