import type { Maintenance } from '../../api/own';
import { Breakable } from '../../components/copy';
import { useText } from '../../i18n';
import { maintenanceWords } from '../../i18n/maintenance';
import { usePageText } from '../../i18n/page-text';

/** What waits for a window, each on a line of its own. */
export function Waits({ line: { Engine, EngineVersion, NodeType } }: { line: Maintenance }) {
  const { caches } = useText();
  const words = usePageText(maintenanceWords);
  const all = [
    EngineVersion && words.version(caches.engines[Engine] ?? Engine, EngineVersion),
    NodeType && words.nodeType(NodeType),
  ].filter((text) => text !== '');
  if (all.length === 0) return <>{words.nothing}</>;
  return all.map((text) => (
    <div key={text}>
      <Breakable>{text}</Breakable>
    </div>
  ));
}
