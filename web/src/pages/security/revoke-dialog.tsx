import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import { revokeIngress, type SecurityGroup, type SecurityGroupRule } from '../../api/own';
import { Confirm } from '../../components/confirm';
import { useSecurityChange } from '../../data/security';
import { usePageText } from '../../i18n/page-text';
import { securityWords } from '../../i18n/security';
import { useNotices } from '../../shell/notices';
import { useRuleWords } from './words';

interface RevokeDialogProps {
  group: SecurityGroup;
  rule: SecurityGroupRule;
  onClose(): void;
}

/** Says whom it hits that a rule is revoked, and has it done. */
export function RevokeDialog({ group, rule, onClose }: RevokeDialogProps) {
  const { revoke: words } = usePageText(securityWords);
  const { whole } = useRuleWords();
  const { tell } = useNotices();
  const { SecurityGroupId, GroupName: name, UsedBy: users, Rules: rules } = group;
  const { Source, FromPort, ToPort } = rule;
  const change = useSecurityChange<void, unknown>(
    () => revokeIngress({ SecurityGroupId, Source, FromPort, ToPort }),
    () => {
      tell('success', words.done(name, Source));
      onClose();
    },
  );
  return (
    <Confirm
      title={words.title(name)}
      submit={words.submit}
      keep={words.keep}
      running={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <Box variant="strong">{whole(rule)}</Box>
      {users.length === 0 ? (
        <Box>{words.unused}</Box>
      ) : (
        <Alert type="warning" header={words.closes}>
          {words.affects(users.join(', '))}
        </Alert>
      )}
      {rules.length === 1 && <Box>{words.last}</Box>}
    </Confirm>
  );
}
