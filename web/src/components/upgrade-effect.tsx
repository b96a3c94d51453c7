import Alert from '@cloudscape-design/components/alert';
import { usePageText } from '../i18n/page-text';
import { upgradeWords } from '../i18n/upgrade';

interface UpgradeEffectProps {
  version: boolean; // the version of the engine changes
  nodeType: boolean; // the node type changes
  nodes: number | 'alone'; // alone: a cache cluster that is in no group
}

/** What it means for clients that a cache gets another version, or another node type. */
export function UpgradeEffect({ version, nodeType, nodes }: UpgradeEffectProps) {
  const words = usePageText(upgradeWords);
  return (
    <>
      {version && (
        <Alert type="warning">
          <div>{nodes === 'alone' ? words.alone : nodes > 1 ? words.rolling : words.inPlace}</div>
          <div>{words.noWayBack}</div>
        </Alert>
      )}
      {nodeType && <Alert type="info">{words.resize}</Alert>}
    </>
  );
}
