import type { ReactNode } from 'react';

/** A sentence in what breaks lines at any letter. */
export const Words = ({ children }: { children: ReactNode }) => <span className="words">{children}</span>;
