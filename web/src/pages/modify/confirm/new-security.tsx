import Alert from '@cloudscape-design/components/alert';
import { SecurityEffect } from '../../../components/security-effect';
import { usePageText } from '../../../i18n/page-text';
import { securityWords } from '../../../i18n/security';
import type { Plan } from '../plan';

/** Who may connect once other security groups are in force, where a plan has them. */
export function NewSecurity({ plan }: { plan: Plan }) {
  const security = usePageText(securityWords);
  const change = plan.settings.find(({ setting }) => setting === 'securityGroups');
  if (!Array.isArray(change?.to)) return null;
  return (
    <Alert type="warning" header={security.field.label}>
      <div>{security.effect.closes}</div>
      <SecurityEffect ids={change.to} />
    </Alert>
  );
}
