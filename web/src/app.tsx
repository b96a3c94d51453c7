import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Route, Router, Switch, useLocation } from 'wouter';
import { cachesQuery } from './data/caches';
import { newQueryClient } from './data/client';
import { keys } from './data/keys';
import { LiveProvider } from './data/live';
import { sessionQuery, useSession } from './data/session';
import { LanguageProvider } from './i18n';
import Caches from './pages/caches';
import { Loading } from './pages/loading';
import { NotFound } from './pages/not-found';
import SignIn, { signInPath } from './pages/sign-in';
import { base, href, paths } from './paths';
import { NoticesProvider } from './shell/notices';
import { Top } from './shell/top';

const later = () => import('./pages/later');
const Create = lazy(async () => ({ default: (await later()).Create }));
const Group = lazy(async () => ({ default: (await later()).Group }));
const Modify = lazy(async () => ({ default: (await later()).Modify }));
const Rotation = lazy(async () => ({ default: (await later()).Rotation }));

const queries = newQueryClient();

// To draw the first page twice, empty and full, takes longer than to wait a moment for its content.
const patience = 300; // milliseconds

/** Reads what the first page shows, if that is quick. */
export async function readAhead(path: string): Promise<void> {
  await queries.prefetchQuery({ ...sessionQuery, retry: false });
  if (!queries.getQueryData(keys.session) || path !== href(paths.caches)) return;
  await Promise.race([queries.prefetchQuery(cachesQuery), new Promise((over) => setTimeout(over, patience))]);
}

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <Router base={base}>
          <Gate />
        </Router>
      </LanguageProvider>
    </QueryClientProvider>
  );
}

/** Shows the pages to those who are signed in. The address stays, so they go on where they were. */
function Gate() {
  const { data: session } = useSession();
  const [path] = useLocation();
  const [wasIn, setWasIn] = useState(false);
  useEffect(() => {
    if (session) setWasIn(true);
    // Nothing stays for whoever signs in next.
    if (session === null) queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] });
  }, [session]);
  if (session === undefined) return null; // known in a moment
  return (
    <NoticesProvider key={session ? 'in' : 'out'}>
      <Top session={session} />
      {session && path !== signInPath ? (
        <LiveProvider>
          <Suspense fallback={<Loading />}>
            <Pages />
          </Suspense>
        </LiveProvider>
      ) : (
        <SignIn signedIn={Boolean(session)} expired={wasIn && !session} />
      )}
    </NoticesProvider>
  );
}

function Pages() {
  return (
    <Switch>
      <Route path={paths.caches} component={Caches} />
      <Route path={paths.create} component={Create} />
      <Route path="/caches/:id/:tab?">{({ id, tab }) => <Group key={id} id={id} tab={tab} />}</Route>
      <Route path="/modify/:id">{({ id }) => <Modify key={id} id={id} />}</Route>
      <Route path="/rotation/:id">{({ id }) => <Rotation key={id} id={id} />}</Route>
      <Route component={NotFound} />
    </Switch>
  );
}
