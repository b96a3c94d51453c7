import Button from '@cloudscape-design/components/button';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { SecurityGroup, SecurityGroupRule } from '../../api/own';
import { isOfEC2, keyOf } from '../../cache/security';
import { labelled } from '../../components/labelled';
import { Words } from '../../components/words';
import { nothing } from '../../i18n/format';
import { usePageText } from '../../i18n/page-text';
import { securityWords } from '../../i18n/security';
import { useRuleWords } from './words';

interface RulesProps {
  group: SecurityGroup;
  onRevoke(rule: SecurityGroupRule): void;
}

/** Whom a security group lets in, oldest rule first. */
export function Rules({ group, onRevoke }: RulesProps) {
  const words = usePageText(securityWords);
  const { ports, whole } = useRuleWords();
  const action = {
    id: 'action',
    header: words.action,
    cell: (rule: SecurityGroupRule) => (
      <Button
        variant="inline-link"
        ariaLabel={words.revoke.openOf(whole(rule), group.GroupName)}
        onClick={() => onRevoke(rule)}
      >
        {words.revoke.open}
      </Button>
    ),
  };
  return (
    <Table
      variant="embedded"
      wrapLines
      trackBy={keyOf}
      items={group.Rules}
      ariaLabels={{ tableLabel: words.rulesOf(group.GroupName) }}
      empty={
        <StatusIndicator type="warning">
          <Words>{words.noRules}</Words>
        </StatusIndicator>
      }
      columnDefinitions={labelled<SecurityGroupRule>([
        { id: 'source', header: words.source, cell: (rule) => rule.Source, isRowHeader: true },
        { id: 'ports', header: words.ports, cell: ports },
        { id: 'description', header: words.description, cell: (rule) => rule.Description || nothing },
        ...(isOfEC2(group) ? [] : [action]),
      ])}
    />
  );
}
