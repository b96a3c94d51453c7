import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useText } from '../i18n';
import { href, paths } from '../paths';
import { Page } from '../shell';
import { useFollow } from '../shell/follow';

export function NotFound() {
  const { common } = useText();
  const follow = useFollow();
  const toCaches = (
    <Button href={href(paths.caches)} onFollow={follow}>
      {common.toCaches}
    </Button>
  );
  return (
    <Page title={common.notFound} crumbs={[{ text: common.notFound, path: paths.caches }]}>
      <SpaceBetween size="l">
        <Header variant="h1">{common.notFound}</Header>
        <Alert type="warning" action={toCaches}>
          {common.notFoundDetail}
        </Alert>
      </SpaceBetween>
    </Page>
  );
}
