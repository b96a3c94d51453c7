import Container from '@cloudscape-design/components/container';
import Spinner from '@cloudscape-design/components/spinner';
import { useSearch } from 'wouter';
import { isNotFound } from '../../api/error';
import { Gone } from '../../components/gone';
import { Problem } from '../../components/problem';
import { useClusters, useGroup } from '../../data/group';
import { useText } from '../../i18n';
import { modifyWords } from '../../i18n/modify';
import { usePageText } from '../../i18n/page-text';
import { paths } from '../../paths';
import { Page } from '../../shell';
import { Editor } from './editor';

/** Modifies a replication group. */
export default function Modify({ id }: { id: string }) {
  const { common } = useText();
  const modify = usePageText(modifyWords);
  const asked = new URLSearchParams(useSearch()).get('strategy');
  const group = useGroup(id);
  const members = useClusters(id, group.data?.MemberClusters ?? []);
  if (isNotFound(group.error)) return <Gone id={id} />;
  const crumbs = [
    { text: id, path: paths.group(id) },
    { text: common.modify, path: paths.modify(id) },
  ];
  const failed = !group.data ? group : !members.data ? members : undefined;
  return (
    <Page title={modify.title(id)} crumbs={crumbs} contentType="form">
      {group.data && members.data ? (
        <Editor key={asked} group={group.data} member={members.data[0]} asked={asked} />
      ) : failed?.error ? (
        <Problem error={failed.error} header={common.failedToLoad} onRetry={failed.refetch} />
      ) : (
        <Container>
          <Spinner /> {common.loading}
        </Container>
      )}
    </Page>
  );
}
