import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Problem } from '../../components/problem';
import { useWatchedSecurity } from '../../data/security';
import { useText } from '../../i18n';
import { usePageText } from '../../i18n/page-text';
import { securityWords } from '../../i18n/security';
import { paths } from '../../paths';
import { Page } from '../../shell';
import { Waiting } from '../loading';
import { CreateDialog } from './create-dialog';
import { SecurityGroupList } from './list';

/** Who may connect to the caches that name them. Links ask for one (find), or to create one (create). */
export default function SecurityGroups() {
  const { common } = useText();
  const security = usePageText(securityWords);
  const asked = new URLSearchParams(useSearch());
  const [, navigate] = useLocation();
  const [creating, setCreating] = useState(asked.has('create'));
  const { data, error, refetch } = useWatchedSecurity();
  const close = () => {
    setCreating(false);
    if (asked.has('create')) navigate(paths.security, { replace: true }); // it is not asked for a second time
  };
  return (
    <Page title={security.title} crumbs={[{ text: security.title, path: paths.security }]}>
      {data ? (
        <SecurityGroupList security={data} find={asked.get('find') ?? ''} onCreate={() => setCreating(true)} />
      ) : error ? (
        <Problem error={error} header={common.failedToLoad} onRetry={refetch} />
      ) : (
        <Waiting>{common.loading}</Waiting>
      )}
      {creating && <CreateDialog id={asked.get('create') ?? ''} onClose={close} />}
    </Page>
  );
}
