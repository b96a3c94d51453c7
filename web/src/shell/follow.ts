import { useCallback } from 'react';
import { useLocation, useRouter } from 'wouter';

interface FollowEvent {
  preventDefault(): void;
  detail: { href?: string; external?: boolean };
}

/** What links of the design system do when they are followed: go there without loading the page anew. */
export function useFollow() {
  const [, navigate] = useLocation();
  const { base } = useRouter();
  return useCallback(
    (event: FollowEvent) => {
      const { href, external } = event.detail;
      if (external || !href?.startsWith(base)) return;
      event.preventDefault();
      navigate(href.slice(base.length) || '/');
    },
    [navigate, base],
  );
}
