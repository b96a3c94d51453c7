import type { Refused } from '../../../api/own';

/** How many addresses are shown. */
export const shownMost = 20;

export type Reason = 'rules' | 'mode' | 'silence' | 'clients' | 'queue' | 'source';

/** Refusals by their reason, those by security groups first. */
export const countsOf = ({
  Rules,
  Mode,
  Silence,
  Clients,
  Queue,
  Source,
}: Refused): { reason: Reason; count: number }[] => [
  { reason: 'rules', count: Rules },
  { reason: 'mode', count: Mode },
  { reason: 'silence', count: Silence },
  { reason: 'clients', count: Clients },
  { reason: 'queue', count: Queue },
  { reason: 'source', count: Source },
];
