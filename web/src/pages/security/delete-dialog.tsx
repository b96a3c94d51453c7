import Box from '@cloudscape-design/components/box';
import { deleteSecurityGroup, type SecurityGroup } from '../../api/own';
import { Confirm } from '../../components/confirm';
import { useSecurityChange } from '../../data/security';
import { useText } from '../../i18n';
import { usePageText } from '../../i18n/page-text';
import { securityWords } from '../../i18n/security';
import { useNotices } from '../../shell/notices';

/** Deletes a security group that no cache names. */
export function DeleteDialog({ group, onClose }: { group: SecurityGroup; onClose(): void }) {
  const { common } = useText();
  const security = usePageText(securityWords);
  const { remove: words } = security;
  const { tell } = useNotices();
  const { SecurityGroupId: id, GroupName: name } = group;
  const change = useSecurityChange<void, unknown>(
    () => deleteSecurityGroup(id),
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
      <Box variant="strong">{id}</Box>
      <Box>{words.effect}</Box>
    </Confirm>
  );
}
