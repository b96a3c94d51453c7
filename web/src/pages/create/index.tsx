import Alert from '@cloudscape-design/components/alert';
import Spinner from '@cloudscape-design/components/spinner';
import { Problem } from '../../components/problem';
import { useVersions } from '../../data/create';
import { useText } from '../../i18n';
import { createWords } from '../../i18n/create';
import { usePageText } from '../../i18n/page-text';
import { paths } from '../../paths';
import { Page } from '../../shell';
import { CreateForm } from './form';

export default function Create() {
  const { common } = useText();
  return (
    <Page title={common.create} crumbs={[{ text: common.create, path: paths.create }]} contentType="form">
      <Content />
    </Page>
  );
}

function Content() {
  const { common } = useText();
  const create = usePageText(createWords);
  const { data: installed, error, refetch } = useVersions();
  if (installed?.length) return <CreateForm installed={installed} />;
  if (installed) {
    return (
      <Alert type="warning" header={create.noEngine}>
        {create.noEngineHint}
      </Alert>
    );
  }
  if (error) return <Problem header={common.failedToLoad} error={error} onRetry={refetch} />;
  return <Spinner size="large" />;
}
