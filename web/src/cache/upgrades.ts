// Which versions a cache can be upgraded to; the service refuses all others (internal/cache/upgrade.go).

export interface Version {
  engine: string; // valkey or redis
  version: string;
  servedBy?: string; // by what, if an alias stands for it: redis 7.0.15
}

/** The release of a version, 7.0 of 7.0.15. It is what is asked for. */
export const releaseOf = (version: string): string => version.split('.').slice(0, 2).join('.');

const compare = (a: string, b: string): number => releaseOf(a).localeCompare(releaseOf(b), 'en', { numeric: true });

/** What really runs. */
function buildOf({ engine, version, servedBy }: Version): Version {
  const [servedEngine, servedVersion] = servedBy?.split(' ') ?? [];
  return servedEngine && servedVersion ? { engine: servedEngine, version: servedVersion } : { engine, version };
}

/** Newer ones of the same engine, and Valkey in place of Redis, but for a cluster alone; the newest of each engine first. */
export const upgradesOf = <V extends Version>(now: Version, offered: V[], alone = false): V[] =>
  offered
    .filter((to) => isUpgrade(now, to) && !(alone && to.engine !== now.engine))
    .sort((a, b) => b.engine.localeCompare(a.engine) || compare(b.version, a.version));

function isUpgrade(now: Version, to: Version): boolean {
  const newer = to.engine === now.engine ? compare(to.version, now.version) > 0 : to.engine === 'valkey';
  return newer && reads(buildOf(to), buildOf(now));
}

/** Whether one build reads the data of another. From Redis 7.4 on, that of Redis is not that of Valkey any more. */
function reads(build: Version, other: Version): boolean {
  if (build.engine === other.engine) return compare(build.version, other.version) >= 0;
  return build.engine === 'valkey' && compare(other.version, '7.4') < 0;
}

/** Whether nodes restart for it: an alias of what runs already is another name for it. */
export const restarts = (now: Version, to: Version): boolean => {
  const [from, next] = [buildOf(now), buildOf(to)];
  return from.engine !== next.engine || from.version !== next.version;
};

/** A version as a form has it, and back. */
export const nameOf = ({ engine, version }: Version): string => `${engine} ${releaseOf(version)}`;
export const versionOf = (name: string): Version => {
  const [engine = '', version = ''] = name.split(' ');
  return { engine, version };
};

/** A version in words: Redis OSS 7.0. */
export function sayVersion(name: string, engines: Record<string, string>): string {
  const { engine, version } = versionOf(name);
  return `${engines[engine] ?? engine} ${version}`;
}
