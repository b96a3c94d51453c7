import { useText } from '../i18n';

/** The label of a field that may stay empty. */
export function Optional({ children }: { children: string }) {
  const { create } = useText();
  return (
    <>
      {children} <i>{create.optional}</i>
    </>
  );
}
