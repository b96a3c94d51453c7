import type { ReactNode } from 'react';

/** Fields that the enter key sends, too: the button of their dialog is outside of the form. */
export function SentByKey({ onSubmit, children }: { onSubmit(): void; children: ReactNode }) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      <input type="submit" hidden />
    </form>
  );
}
