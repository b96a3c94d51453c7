import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';
import { Redirect } from 'wouter';
import { isNotFound } from '../../api/error';
import { Gone } from '../../components/gone';
import { Problem } from '../../components/problem';
import { useCluster } from '../../data/detail';
import { useGroup } from '../../data/group';
import { useText } from '../../i18n';
import { paths } from '../../paths';
import { Page } from '../../shell';
import { ClusterPage } from './cluster';
import { GroupPage } from './group';

/** The page of one cache: a replication group, or a cache cluster that is in none. */
export default function Cache({ id, tab }: { id: string; tab?: string | undefined }) {
  const text = useText();
  const group = useGroup(id);
  const noGroup = isNotFound(group.error);
  const cluster = useCluster(id, noGroup);

  if (group.data && !noGroup) return <GroupPage group={group.data} tab={tab} />;
  if (noGroup && isNotFound(cluster.error)) return <Gone id={id} />;
  if (noGroup && cluster.data) {
    const { ReplicationGroupId: owner } = cluster.data;
    if (owner) return <Redirect to={paths.group(owner, 'nodes')} replace />;
    return <ClusterPage cluster={cluster.data} tab={tab} />;
  }
  const error = noGroup ? cluster.error : group.error;
  return (
    <Page title={id}>
      {error ? (
        <Problem
          error={error}
          header={text.common.failedToLoad}
          onRetry={() => (noGroup ? cluster : group).refetch()}
        />
      ) : (
        <Box textAlign="center" padding="xxl">
          <Spinner size="large" /> {text.common.loading}
        </Box>
      )}
    </Page>
  );
}
