import { Problem } from '../../components/problem';
import { useCaches } from '../../data/caches';
import { useMaintenance } from '../../data/maintenance';
import { useText } from '../../i18n';
import { maintenanceWords } from '../../i18n/maintenance';
import { usePageText } from '../../i18n/page-text';
import { paths } from '../../paths';
import { Page } from '../../shell';
import { Waiting } from '../loading';
import { linesOf } from './lines';
import { MaintenanceList } from './list';

/** What waits for the maintenance windows of all caches. */
export default function MaintenancePage() {
  const { common } = useText();
  const words = usePageText(maintenanceWords);
  const maintenance = useMaintenance();
  const caches = useCaches();
  const failed = maintenance.data ? caches : maintenance;
  return (
    <Page title={words.title} crumbs={[{ text: words.title, path: paths.maintenance }]}>
      {maintenance.data && caches.data ? (
        <MaintenanceList lines={linesOf(maintenance.data, caches.data)} />
      ) : failed.error ? (
        <Problem error={failed.error} header={common.failedToLoad} onRetry={failed.refetch} />
      ) : (
        <Waiting>{common.loading}</Waiting>
      )}
    </Page>
  );
}
