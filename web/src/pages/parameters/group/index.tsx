import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { isNotFound } from '../../../api/error';
import { Problem } from '../../../components/problem';
import { useDefaults, useParameterGroup } from '../../../data/parameters';
import { useText } from '../../../i18n';
import { usePageText } from '../../../i18n/page-text';
import { parameterWords } from '../../../i18n/parameters';
import { href, paths } from '../../../paths';
import { Page } from '../../../shell';
import { useFollow } from '../../../shell/follow';
import { Waiting } from '../../loading';
import { Group } from './group';

/** One parameter group. */
export default function ParameterGroupPage({ name }: { name: string }) {
  const { common } = useText();
  const words = usePageText(parameterWords);
  const read = useParameterGroup(name);
  const defaults = useDefaults(read.data?.group.CacheParameterGroupFamily ?? '');
  const failed = read.data ? defaults : read;
  const gone = isNotFound(read.error);
  const crumbs = [
    { text: words.title, path: paths.parameters },
    { text: name, path: paths.parameterGroup(name) },
  ];
  return (
    <Page title={name} crumbs={crumbs}>
      {gone ? (
        <Gone name={name} />
      ) : read.data && defaults.data ? (
        <Group read={read.data} defaults={defaults.data} />
      ) : failed.error ? (
        <Problem error={failed.error} header={common.failedToLoad} onRetry={failed.refetch} />
      ) : (
        <Waiting>{common.loading}</Waiting>
      )}
    </Page>
  );
}

function Gone({ name }: { name: string }) {
  const words = usePageText(parameterWords);
  const follow = useFollow();
  const toList = (
    <Button href={href(paths.parameters)} onFollow={follow}>
      {words.toList}
    </Button>
  );
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{name}</Header>
      <Alert type="warning" action={toList}>
        {words.gone(name)}
      </Alert>
    </SpaceBetween>
  );
}
