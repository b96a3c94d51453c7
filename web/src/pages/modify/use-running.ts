import { nameOf, type Version } from '../../cache/upgrades';
import { useVersions } from '../../data/create';
import { useAccess } from '../../data/group';
import { runningOf, type Subject } from './plan';

/** The version that a cache has, and what serves it. Of a group the service tells both; for a cluster alone, what the version stands for. */
export function useRunning(subject: Subject): Version {
  const { id, group } = subject;
  const { data: access } = useAccess(id, group !== undefined);
  const { data: offered } = useVersions();
  const now = runningOf(subject);
  if (!group) return { ...now, servedBy: offered?.find((v) => nameOf(v) === nameOf(now))?.servedBy };
  return { ...now, version: access?.EngineVersion || now.version, servedBy: access?.ServedBy || undefined };
}
