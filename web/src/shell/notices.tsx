import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { useText } from '../i18n';

interface Notices {
  notices: FlashbarProps.MessageDefinition[];
  /** Shows a message above whatever page comes next, until it is dismissed. */
  tell(type: FlashbarProps.Type, content: ReactNode): void;
}

const Context = createContext<Notices>({ notices: [], tell: () => {} });

export const useNotices = () => useContext(Context);

const kept = 5;
let last = 0;

export function NoticesProvider({ children }: { children: ReactNode }) {
  const text = useText();
  const [told, setTold] = useState<FlashbarProps.MessageDefinition[]>([]);
  const tell = useCallback((type: FlashbarProps.Type, content: ReactNode) => {
    const id = `notice-${++last}`;
    setTold((all) => [{ id, type, content }, ...all].slice(0, kept));
  }, []);
  const value = useMemo(() => {
    const dismiss = (id: string | undefined) => () => setTold((all) => all.filter((n) => n.id !== id));
    const notices = told.map((n) => ({
      ...n,
      dismissible: true,
      dismissLabel: text.common.close,
      onDismiss: dismiss(n.id),
    }));
    return { notices, tell };
  }, [told, tell, text]);
  return <Context value={value}>{children}</Context>;
}
