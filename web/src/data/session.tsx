import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { currentSession } from '../api/session';
import { onSignedOut } from '../api/transport';
import { keys } from './keys';

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: currentSession,
  retry: true, // a server that restarts answers soon
  retryDelay: 500,
});

/** The session; data is null when there is none. Any request that finds none tells it. */
export function useSession() {
  const client = useQueryClient();
  useEffect(
    () =>
      onSignedOut(() => {
        client.setQueryData(keys.session, null);
      }),
    [client],
  );
  return useQuery(sessionQuery);
}
