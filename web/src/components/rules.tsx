import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useText } from '../i18n';
import { Words } from './words';

export interface Rule {
  text: string;
  kept: boolean | undefined; // undefined: nothing is typed yet
}

/** What a value that is being typed has to be like, each ticked once it is. */
export function Rules({ rules }: { rules: Rule[] }) {
  const { tokenField } = useText();
  return (
    <SpaceBetween size="xxxs">
      {rules.map(({ text, kept }) => {
        const look = kept === undefined ? 'not-started' : kept ? 'success' : 'error';
        return (
          <StatusIndicator key={text} type={look} iconAriaLabel={tokenField.rule[look]}>
            <Words>{text}</Words>
          </StatusIndicator>
        );
      })}
    </SpaceBetween>
  );
}
