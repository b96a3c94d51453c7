import Box from '@cloudscape-design/components/box';
import { Confirm } from '../../components/confirm';
import { UpgradeEffect } from '../../components/upgrade-effect';
import { type MaintenanceStep, useMaintain } from '../../data/maintenance';
import { maintenanceWords } from '../../i18n/maintenance';
import { usePageText } from '../../i18n/page-text';
import { useNotices } from '../../shell/notices';
import type { Line } from './lines';
import { Waits } from './waits';

interface StepDialogProps {
  line: Line;
  step: MaintenanceStep;
  onClose(): void;
}

/** Says what it means for clients that what waits is done now, or is taken back, and has it so. */
export function StepDialog({ line, step, onClose }: StepDialogProps) {
  const { [step]: words } = usePageText(maintenanceWords);
  const { tell } = useNotices();
  const { CacheId: id, kind, nodes, EngineVersion, NodeType } = line;
  const change = useMaintain({ id, kind }, step, () => {
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
      {step === 'start' && (
        <UpgradeEffect
          version={EngineVersion !== ''}
          nodeType={NodeType !== ''}
          nodes={kind === 'cluster' ? 'alone' : nodes}
        />
      )}
    </Confirm>
  );
}
