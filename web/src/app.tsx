import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Route, Router, Switch, useLocation } from 'wouter';
import { cachesQuery } from './data/caches';
import { newQueryClient } from './data/client';
import { keys } from './data/keys';
import { LiveProvider } from './data/live';
import { sessionQuery, useSession } from './data/session';
import { LanguageProvider, useText } from './i18n';
import Caches from './pages/caches';
import { Loading, Waiting } from './pages/loading';
import { NotFound } from './pages/not-found';
import SignIn, { signInPath } from './pages/sign-in';
import { base, href, paths } from './paths';
import { Boundary } from './shell/boundary';
import { Navigation } from './shell/navigation';
import { NoticesProvider } from './shell/notices';
import { Top } from './shell/top';

const later = () => import('./pages/later');
const Create = lazy(async () => ({ default: (await later()).Create }));
const Group = lazy(async () => ({ default: (await later()).Group }));
const Modify = lazy(async () => ({ default: (await later()).Modify }));
const Rotation = lazy(async () => ({ default: (await later()).Rotation }));
const SecurityGroups = lazy(async () => ({ default: (await later()).SecurityGroups }));

// Those that fewer visitors open are scripts of their own.
const ParameterGroups = lazy(() => import('./pages/parameters'));
const ParameterGroup = lazy(() => import('./pages/parameters/group'));
const CompareParameters = lazy(() => import('./pages/parameters/compare'));
const SubnetGroups = lazy(() => import('./pages/subnets'));
const Maintenance = lazy(() => import('./pages/maintenance'));

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
  const { common } = useText();
  const { data: session, failureCount } = useSession();
  const [path] = useLocation();
  const [wasIn, setWasIn] = useState(false);
  useEffect(() => {
    if (session) setWasIn(true);
    // Nothing stays for whoever signs in next.
    if (session === null) queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] });
  }, [session]);
  if (session === undefined) return failureCount > 0 && <Waiting>{common.lost}</Waiting>;
  return (
    <NoticesProvider key={session ? 'in' : 'out'}>
      <Top session={session} />
      {session && path !== signInPath ? (
        <LiveProvider>
          <div className="frame">
            <Navigation />
            <Boundary path={path}>
              <Suspense fallback={<Loading />}>
                <Pages />
              </Suspense>
            </Boundary>
          </div>
        </LiveProvider>
      ) : (
        <SignIn signedIn={Boolean(session)} expired={wasIn && !session} />
      )}
    </NoticesProvider>
  );
}

// Safari has no idea of when it is idle.
const whenIdle = window.requestIdleCallback ?? setTimeout;

function Pages() {
  useEffect(() => {
    whenIdle(() => later().catch(() => {})); // so that they are there also while aikagi restarts
  }, []);
  return (
    <Switch>
      <Route path={paths.caches} component={Caches} />
      <Route path={paths.create} component={Create} />
      <Route path={paths.security} component={SecurityGroups} />
      <Route path={paths.parameters} component={ParameterGroups} />
      <Route path="/parameter-groups/:name">{({ name }) => <ParameterGroup key={name} name={idOf(name)} />}</Route>
      <Route path={paths.compare} component={CompareParameters} />
      <Route path={paths.subnets} component={SubnetGroups} />
      <Route path={paths.maintenance} component={Maintenance} />
      <Route path="/caches/:id/:tab?">{({ id, tab }) => <Group key={id} id={idOf(id)} tab={tab} />}</Route>
      <Route path="/modify/:id">{({ id }) => <Modify key={id} id={idOf(id)} />}</Route>
      <Route path="/rotation/:id">{({ id }) => <Rotation key={id} id={idOf(id)} />}</Route>
      <Route component={NotFound} />
    </Switch>
  );
}

/** The service has ids in lower case, whatever was typed into the address. */
const idOf = (typed: string) => typed.toLowerCase();
