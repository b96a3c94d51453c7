import Header from '@cloudscape-design/components/header';
import { useEffect, useRef } from 'react';

interface StepHeaderProps {
  title: string;
  description?: string;
  /** Whether one comes from the other step: then it is where one goes on to read. */
  focused: boolean;
}

export function StepHeader({ title, description, focused }: StepHeaderProps) {
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focused) top.current?.focus();
  }, [focused]);
  return (
    <div ref={top} tabIndex={-1} style={{ outline: 'none' }}>
      <Header variant="h1" description={description}>
        {title}
      </Header>
    </div>
  );
}
