import Box from '@cloudscape-design/components/box';
import { Confirm } from '../../components/confirm';
import { UpgradeEffect } from '../../components/upgrade-effect';
import { useStartMaintenance } from '../../data/maintenance';
import { maintenanceWords } from '../../i18n/maintenance';
import { usePageText } from '../../i18n/page-text';
import { useNotices } from '../../shell/notices';
import type { Line } from './lines';
import { Waits } from './waits';

/** Says what it means for clients that what waits is done now, and has it done. */
export function StartDialog({ line, onClose }: { line: Line; onClose(): void }) {
  const { start: words } = usePageText(maintenanceWords);
  const { tell } = useNotices();
  const { CacheId: id, kind, nodes, EngineVersion, NodeType } = line;
  const change = useStartMaintenance({ id, kind }, () => {
    tell('success', words.done(id));
    onClose();
  });
  return (
    <Confirm
      title={words.title(id)}
      submit={words.submit}
      keep={words.keep}
      running={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <Box>{words.changes}</Box>
      <Box variant="strong">
        <Waits line={line} />
      </Box>
      <UpgradeEffect version={EngineVersion !== ''} nodeType={NodeType !== ''} nodes={nodes} />
    </Confirm>
  );
}
