import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { listen } from '../api/stream';
import { refreshCaches } from './caches';
import { keys } from './keys';
import { renew } from './renew';

const Live = createContext(true);

/** Whether the page hears of changes as they happen. */
export const useLive = () => useContext(Live);

/**
 * Keeps what the pages show up to date by the server's one stream of events. Aspects that are
 * on no page are only marked as old.
 */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [live, setLive] = useState(true);
  useEffect(() => {
    return listen({
      opened: () => {
        setLive(true);
        renew(client); // also the first time: a page may have been read long before it was looked at
      },
      changed: (changes) => {
        refreshCaches(client, changes).catch(() => renew(client, { queryKey: keys.caches }));
        if (changes.all) renew(client, { queryKey: ['of'] });
        if (changes.events) renew(client, { queryKey: ['of'], predicate: ({ queryKey }) => queryKey[2] === 'events' });
        for (const id of [...changes.groups, ...changes.clusters]) {
          renew(client, { queryKey: keys.of(id), predicate: ({ queryKey }) => queryKey[2] !== 'metrics' });
        }
      },
      sampled: (group) => {
        // A slow answer is waited for, not asked for again.
        const patient = { cancelRefetch: false };
        client.invalidateQueries({ queryKey: keys.aspect(group, 'metrics') }, patient);
        client.invalidateQueries({ queryKey: keys.aspect(group, 'usage') }, patient);
      },
      lost: () => setLive(false),
      refused: () => {
        setLive(false);
        client.invalidateQueries({ queryKey: keys.session });
      },
    });
  }, [client]);
  return <Live value={live}>{children}</Live>;
}
