import type { Answer } from '../cache/offers';
import { useText } from '../i18n';

/** What a button or an item of a menu has where the service would refuse what it asks for. */
export function useBlocked(): (obstacle: Answer) => { disabled: boolean; disabledReason?: string } {
  const { offers } = useText();
  return (obstacle) => (obstacle ? { disabled: true, disabledReason: offers[obstacle] } : { disabled: false });
}
