// What a move means for its page; nothing here asks or shows.
import type { CacheMove, Move, PlaceClient } from '../../../api/own';
import type { MoveEnding } from '../../../data/move';

const plans = ['loopback', 'host', 'pool'];

/** Address plans that a cache with this one can be moved to. */
export const otherPlans = (plan: string): string[] => plans.filter((p) => p !== plan);

/** The plan of the addresses that are not shown. */
export const hiddenPlan = (m: Move): string => (m.State === 'opening' || m.Back ? m.ToPlan : m.FromPlan);

/** The plan whose addresses an end of the move closes. */
export const closedPlan = (m: Move, ending: MoveEnding): string => (ending === 'finish' ? m.FromPlan : m.ToPlan);

/** Who came through the addresses that are shown, or the others, most connections first. Both may be of one plan. */
export const clientsAt = ({ Clients }: CacheMove, shown: boolean): PlaceClient[] =>
  Clients.filter((c) => c.Shown === shown);

/** What the service would not refuse outright; whether clients are in the way is its to say. */
export function endingsOf({ Status, Move: m }: CacheMove): Record<MoveEnding, boolean> {
  const open = m?.State === 'open' && Status === 'available';
  return { finish: open, cancel: open || m?.State === 'opening' };
}

/** The state in words' key: a cancelled move that closes is another story. */
export type Stage = 'opening' | 'open' | 'closing' | 'back';
export function stageOf({ State, Back }: Move): Stage {
  if (State === 'opening' || State === 'open') return State;
  return Back ? 'back' : 'closing';
}
