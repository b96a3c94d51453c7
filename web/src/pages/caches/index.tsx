import { useMemo } from 'react';
import { Problem } from '../../components/problem';
import { useCaches } from '../../data/caches';
import { useLanguage, useText } from '../../i18n';
import { Page } from '../../shell';
import { rowOf } from './rows';
import { CachesTable } from './table';

export default function Caches() {
  const text = useText();
  const { language } = useLanguage();
  const { data, error, isPending, refetch } = useCaches();
  const rows = useMemo(() => (data ?? []).map((cache) => rowOf(cache, text)), [data, text]);
  return (
    <Page title={text.common.caches} contentType="table">
      {error && !data ? (
        <Problem header={text.common.failedToLoad} error={error} onRetry={refetch} />
      ) : (
        <CachesTable key={language} rows={rows} loading={isPending} />
      )}
    </Page>
  );
}
