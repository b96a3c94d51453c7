import type { Allowed, Setting } from '../../../cache/parameters';
import { usePageText } from '../../../i18n/page-text';
import { parameterWords } from '../../../i18n/parameters';

/** Of some parameters there are more than anybody reads. */
const most = 8;

/** The values that a parameter can have, in the words of the page. */
export function useAllowedWords(): (setting: Pick<Setting, 'allowed'>) => string {
  const words = usePageText(parameterWords);
  const part = (allowed: Allowed): string => {
    if ('only' in allowed) return allowed.only;
    const { from, to } = allowed;
    if (from !== undefined && to !== undefined) return words.between(from, to);
    if (from !== undefined) return words.from(from);
    return to === undefined ? words.anyNumber : words.upTo(to);
  };
  return ({ allowed }) => {
    if (allowed.length === 0) return words.anything;
    const named = allowed.slice(0, most).map(part).join(', ');
    return allowed.length > most ? words.more(named, allowed.length - most) : named;
  };
}
