import type { SecurityGroupRule } from '../../api/own';
import { useText } from '../../i18n';

/** A rule in the words of the page. */
export function useRuleWords() {
  const { security: words } = useText();
  const ports = ({ FromPort, ToPort }: SecurityGroupRule): string =>
    FromPort === undefined || ToPort === undefined ? words.allPorts : words.port(FromPort, ToPort);
  return { ports, whole: (rule: SecurityGroupRule) => `${rule.Source} (${ports(rule)})` };
}
