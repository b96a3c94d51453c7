import { useState } from 'react';
import { useLocation } from 'wouter';
import { Problem } from '../../components/problem';
import { useParameterGroups } from '../../data/parameters';
import { useUses } from '../../data/uses';
import { useText } from '../../i18n';
import { usePageText } from '../../i18n/page-text';
import { parameterWords } from '../../i18n/parameters';
import { paths } from '../../paths';
import { Page } from '../../shell';
import { Waiting } from '../loading';
import { CreateDialog } from './create-dialog';
import { ParameterGroupList } from './list';

/** All parameter groups, the default ones among them. */
export default function ParameterGroups() {
  const { common } = useText();
  const words = usePageText(parameterWords);
  const [, navigate] = useLocation();
  const [creating, setCreating] = useState(false);
  const { data, error, refetch } = useParameterGroups();
  const { data: uses } = useUses();
  return (
    <Page title={words.title} crumbs={[{ text: words.title, path: paths.parameters }]}>
      {data ? (
        <ParameterGroupList groups={data} uses={uses ?? []} onCreate={() => setCreating(true)} />
      ) : error ? (
        <Problem error={error} header={common.failedToLoad} onRetry={refetch} />
      ) : (
        <Waiting>{common.loading}</Waiting>
      )}
      {creating && data && (
        <CreateDialog
          groups={data}
          onClose={() => setCreating(false)}
          onDone={(name) => navigate(paths.parameterGroup(name))}
        />
      )}
    </Page>
  );
}
