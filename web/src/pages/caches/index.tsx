import { useMemo } from 'react';
import { Problem } from '../../components/problem';
import { type Cache, useCaches } from '../../data/caches';
import { useFormats, useText } from '../../i18n';
import { Page } from '../../shell';
import { type Row, rowOf } from './rows';
import { CachesTable } from './table';

export default function Caches() {
  const text = useText();
  const { data, error, isPending, refetch } = useCaches();
  const rows = useRows(data);
  return (
    <Page title={text.common.caches} contentType="table">
      {error && !data ? (
        <Problem header={text.common.failedToLoad} error={error} onRetry={refetch} />
      ) : (
        <CachesTable rows={rows} loading={isPending} />
      )}
    </Page>
  );
}

const none: Cache[] = [];

/** The rows of caches. Of a thousand mostly one is new: the others are not made again. */
function useRows(caches = none): Row[] {
  const text = useText();
  const formats = useFormats();
  const rowFor = useMemo(() => {
    const made = new WeakMap<Cache, Row>();
    return (cache: Cache) => {
      const row = made.get(cache) ?? rowOf(cache, text, formats);
      made.set(cache, row);
      return row;
    };
  }, [text, formats]);
  return useMemo(() => caches.map(rowFor), [caches, rowFor]);
}
