// The one stream of server-sent events. It tells which caches and other groups changed, not what is new about
// them: pages ask the public API for that, so a script can do all that the console does.

export interface Changes {
  all?: boolean; // too many to name
  groups: string[]; // ids of replication groups
  clusters: string[]; // ids of cache clusters that are in no group
  securityGroups: string[]; // ids of security groups
  parameterGroups: string[]; // their names
  subnetGroups: string[]; // the same
  events?: boolean; // events were written, which may be about anything
}

export interface Listener {
  /** The stream is open (again), to a server of this version. Whatever was read before may be old. */
  opened(version: string): void;
  changed(changes: Changes): void;
  /** There are new samples of a group's metrics. */
  sampled(group: string): void;
  /** The stream is broken; it is being opened again. */
  lost(): void;
  /** The stream is refused: there may be no session any more. */
  refused(): void;
}

const path = '/console/stream';

// Browsers try again by themselves when a connection breaks, but not after a refusal, which
// is also what a server answers that is just starting.
const retryAfterRefusal = 1000; // milliseconds

// The server says something every 15 seconds. A connection that is dead without an end, as of a
// tunnel that is gone, tells browsers nothing.
const silenceMax = 40_000; // milliseconds

/** Listens until the returned function is called. A hidden page lets go: browsers allow six connections to a server. */
export function listen(listener: Listener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined; // until the next try

  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const tryAgainIn = (milliseconds: number, tell?: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      tell?.();
      open();
    }, milliseconds);
  };
  const open = () => {
    close();
    const opened = new EventSource(path);
    source = opened;
    const on = (event: string, tell: (data: string) => void) =>
      opened.addEventListener(event, (e) => {
        tryAgainIn(silenceMax, listener.lost);
        tell(e.data);
      });
    tryAgainIn(silenceMax, listener.lost);
    on('hello', (data) => listener.opened(JSON.parse(data).version));
    on('changed', (data) => listener.changed(changesOf(data)));
    on('sampled', (data) => listener.sampled(JSON.parse(data).group));
    on('alive', () => {});
    opened.addEventListener('error', () => {
      if (opened.readyState !== EventSource.CLOSED) return listener.lost();
      listener.refused();
      tryAgainIn(retryAfterRefusal);
    });
  };
  const visibility = () => (document.hidden ? close() : open());
  document.addEventListener('visibilitychange', visibility);
  visibility();
  return () => {
    document.removeEventListener('visibilitychange', visibility);
    close();
  };
}

function changesOf(data: string): Changes {
  const told = JSON.parse(data) as Partial<Changes> & Record<string, string[] | undefined>;
  const { all = false, groups = [], clusters = [], events = false } = told;
  const { security_groups: securityGroups = [], parameter_groups: parameterGroups = [], subnet_groups } = told;
  return { all, groups, clusters, securityGroups, parameterGroups, subnetGroups: subnet_groups ?? [], events };
}
