import Button from '@cloudscape-design/components/button';
import { useText } from '../i18n';

/** Loads the whole console anew. What was typed and not sent is gone. */
export function Reload() {
  const { common } = useText();
  return <Button onClick={() => window.location.reload()}>{common.reload}</Button>;
}
