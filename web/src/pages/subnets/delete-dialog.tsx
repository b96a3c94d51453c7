import Box from '@cloudscape-design/components/box';
import { Confirm } from '../../components/confirm';
import { deleteSubnetGroup, useSubnetChange } from '../../data/subnets';
import { useText } from '../../i18n';
import { usePageText } from '../../i18n/page-text';
import { subnetWords } from '../../i18n/subnets';
import { useNotices } from '../../shell/notices';

/** Deletes a subnet group that no cache uses. */
export function DeleteDialog({ name, onClose }: { name: string; onClose(): void }) {
  const { common } = useText();
  const { remove: words } = usePageText(subnetWords);
  const { tell } = useNotices();
  const change = useSubnetChange<void>(
    () => deleteSubnetGroup(name),
    () => {
      tell('success', words.done(name));
      onClose();
    },
  );
  return (
    <Confirm
      title={words.title(name)}
      submit={common.delete}
      running={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <Box>{words.effect}</Box>
    </Confirm>
  );
}
