import { useText } from '../i18n';

/** The label of a field that may stay empty. */
export function Optional({ children }: { children: string }) {
  const { common } = useText();
  return (
    <>
      {children} <i>{common.optional}</i>
    </>
  );
}
