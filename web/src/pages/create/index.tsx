import { useText } from '../../i18n';
import { Page } from '../../shell';

export default function Create() {
  const { common } = useText();
  return <Page title={common.caches}>…</Page>;
}
