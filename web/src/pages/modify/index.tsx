import Container from '@cloudscape-design/components/container';
import Spinner from '@cloudscape-design/components/spinner';
import { Redirect, useSearch } from 'wouter';
import { isNotFound } from '../../api/error';
import { Gone } from '../../components/gone';
import { Problem } from '../../components/problem';
import { useCluster } from '../../data/detail';
import { useClusters, useGroup } from '../../data/group';
import { useText } from '../../i18n';
import { modifyWords } from '../../i18n/modify';
import { usePageText } from '../../i18n/page-text';
import { paths } from '../../paths';
import { Page } from '../../shell';
import { Editor } from './editor';
import { clusterSubject, groupSubject, type Subject } from './plan';

/** Modifies a replication group, or a cache cluster that is in none. */
export default function Modify({ id }: { id: string }) {
  const { common } = useText();
  const modify = usePageText(modifyWords);
  const asked = new URLSearchParams(useSearch()).get('strategy');
  const { subject, failed, gone, owner } = useSubject(id);
  if (gone) return <Gone id={id} />;
  if (owner) return <Redirect to={paths.modify(owner)} replace />;
  const crumbs = [
    { text: id, path: paths.group(id) },
    { text: common.modify, path: paths.modify(id) },
  ];
  return (
    <Page title={modify.title(id)} crumbs={crumbs} contentType="form">
      {subject ? (
        <Editor key={asked} subject={subject} asked={asked} />
      ) : failed ? (
        <Problem error={failed.error} header={common.failedToLoad} onRetry={failed.refetch} />
      ) : (
        <Container>
          <Spinner /> {common.loading}
        </Container>
      )}
    </Page>
  );
}

interface Found {
  subject?: Subject | undefined;
  failed?: { error: unknown; refetch(): unknown } | undefined;
  gone?: boolean;
  owner?: string | undefined; // of a member: the group is modified instead
}

/** What has this id. */
function useSubject(id: string): Found {
  const group = useGroup(id);
  const members = useClusters(id, group.data?.MemberClusters ?? []);
  const alone = isNotFound(group.error);
  const cluster = useCluster(id, alone);
  if (!alone) {
    const subject = group.data && members.data && groupSubject(group.data, members.data[0]);
    return { subject, failed: [group, members].find(({ data, error }) => !data && error) };
  }
  if (isNotFound(cluster.error)) return { gone: true };
  if (cluster.data?.ReplicationGroupId) return { owner: cluster.data.ReplicationGroupId };
  return { subject: cluster.data && clusterSubject(cluster.data), failed: cluster.error ? cluster : undefined };
}
