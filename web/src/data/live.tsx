import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { listen } from '../api/stream';
import { refreshCaches } from './caches';
import { keys } from './keys';
import { refreshUses } from './refresh-uses';
import { renew } from './renew';
import { refreshSecurity } from './security';

interface Connection {
  /** Whether the page hears of changes as they happen. */
  live: boolean;
  /** Whether aikagi runs in another version than when the page was opened. */
  upgraded: boolean;
}

// The version that answered first: that of the scripts of this page, whoever signs in to it later.
let ours: string | undefined;

const Live = createContext<Connection>({ live: true, upgraded: false });

export const useLive = () => useContext(Live);

/**
 * Keeps what the pages show up to date by the server's one stream of events. Aspects that are
 * on no page are only marked as old.
 */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [live, setLive] = useState(true);
  const [upgraded, setUpgraded] = useState(false);
  useEffect(() => {
    return listen({
      opened: (version) => {
        ours ??= version;
        setUpgraded(version !== ours);
        setLive(true);
        renew(client); // also the first time: a page may have been read long before it was looked at
      },
      changed: (changes) => {
        refreshCaches(client, changes).catch(() => renew(client, { queryKey: keys.caches }));
        if (changes.all) renew(client, { queryKey: ['of'] });
        if (changes.events) renew(client, { queryKey: ['of'], predicate: ({ queryKey }) => queryKey[2] === 'events' });
        refreshSecurity(client, changes);
        refreshUses(client, changes);
        for (const id of [...changes.groups, ...changes.clusters]) {
          renew(client, { queryKey: keys.of(id), predicate: ({ queryKey }) => queryKey[2] !== 'metrics' });
        }
      },
      sampled: (group) => {
        // A slow answer is waited for, not asked for again.
        const patient = { cancelRefetch: false };
        for (const aspect of ['metrics', 'usage', 'transit', 'refused'] as const) {
          client.invalidateQueries({ queryKey: keys.aspect(group, aspect) }, patient);
        }
      },
      lost: () => setLive(false),
      refused: () => {
        setLive(false);
        client.invalidateQueries({ queryKey: keys.session });
      },
    });
  }, [client]);
  const connection = useMemo(() => ({ live, upgraded }), [live, upgraded]);
  return <Live value={connection}>{children}</Live>;
}
