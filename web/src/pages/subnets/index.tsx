import { Problem } from '../../components/problem';
import { useSubnetGroups } from '../../data/subnets';
import { useUses } from '../../data/uses';
import { useText } from '../../i18n';
import { usePageText } from '../../i18n/page-text';
import { subnetWords } from '../../i18n/subnets';
import { paths } from '../../paths';
import { Page } from '../../shell';
import { Waiting } from '../loading';
import { SubnetGroupList } from './list';

/** In which subnets the nodes of caches may be. */
export default function SubnetGroups() {
  const { common } = useText();
  const words = usePageText(subnetWords);
  const { data, error, refetch } = useSubnetGroups();
  const { data: uses } = useUses();
  return (
    <Page title={words.title} crumbs={[{ text: words.title, path: paths.subnets }]}>
      {data ? (
        <SubnetGroupList groups={data} uses={uses ?? []} />
      ) : error ? (
        <Problem error={error} header={common.failedToLoad} onRetry={refetch} />
      ) : (
        <Waiting>{common.loading}</Waiting>
      )}
    </Page>
  );
}
