import { useText } from '../../i18n';
import { Page } from '../../shell';

export default function Caches() {
  const { common } = useText();
  return <Page title={common.caches}>…</Page>;
}
