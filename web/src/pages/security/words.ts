import type { SecurityGroupRule } from '../../api/own';
import { usePageText } from '../../i18n/page-text';
import { securityWords } from '../../i18n/security';

/** A rule in the words of the page. */
export function useRuleWords() {
  const words = usePageText(securityWords);
  const ports = ({ FromPort, ToPort }: SecurityGroupRule): string =>
    FromPort === undefined || ToPort === undefined ? words.allPorts : words.port(FromPort, ToPort);
  return { ports, whole: (rule: SecurityGroupRule) => `${rule.Source} (${ports(rule)})` };
}
