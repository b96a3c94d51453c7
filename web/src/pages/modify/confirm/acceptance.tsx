import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { TokenPreview } from '../../../api/own';
import { labelled } from '../../../components/labelled';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import { none, type Way, waysOf } from './picture';

/** What each set accepts: a line for each way in, as a client would try it. */
export function Acceptance({ preview }: { preview: TokenPreview }) {
  const modify = usePageText(modifyWords);
  return (
    <Table
      variant="embedded"
      wrapLines
      ariaLabels={{ tableLabel: modify.acceptance }}
      items={waysOf(preview)}
      trackBy="credential"
      columnDefinitions={labelled<Way>([
        { id: 'client', header: modify.client, cell: (way) => clientWords(way, modify.clients), isRowHeader: true },
        { id: 'before', header: modify.before, cell: (way) => <Verdict accepted={way.before} /> },
        {
          id: 'after',
          header: modify.after,
          cell: (way) => <Verdict accepted={way.after} ended={way.fate === 'ends'} />,
        },
      ])}
    />
  );
}

type ClientWords = Record<'none', string> & Record<'old' | 'new' | 'only', (fingerprint: string) => string>;

const clientWords = ({ credential, standing }: Way, words: ClientWords): string =>
  standing === 'none' || credential === none ? words.none : words[standing](credential);

function Verdict({ accepted, ended = false }: { accepted: boolean; ended?: boolean }) {
  const modify = usePageText(modifyWords);
  if (accepted)
    return (
      <StatusIndicator type="success" wrapText={false}>
        {modify.accepted}
      </StatusIndicator>
    );
  return (
    <StatusIndicator type={ended ? 'error' : 'stopped'} wrapText={false}>
      {modify.refused}
    </StatusIndicator>
  );
}
