import type { AgentCallEnd } from '../agent/agent.ts';

/** What became of a call on one trunk. */
export interface TrunkTry {
  readonly end: AgentCallEnd;
  /** The phone rang or was answered, or the trunk played the ringing tone. */
  readonly reached: boolean;
  /** We ended it ourselves. */
  readonly hungUp: boolean;
}

/**
 * Whether another trunk may get what this one did not: the trunk was broken, and the phone stayed silent. A phone
 * that rang is never rung by a second trunk, and an answer about the number (busy, rejected, unknown) is an answer.
 *
 * 408 before ringing is a gateway that got no answer behind it, and 488 one that does not like our media: both say
 * something about the trunk. A 2xx that brought no media was picked up by a person.
 */
export function mayTryElsewhere({ end: { outcome, sipStatus }, reached, hungUp }: TrunkTry): boolean {
  if (reached || hungUp) return false;
  if (outcome === 'media-failed') return sipStatus === undefined || sipStatus >= 300;
  return outcome === 'trunk-unavailable' || sipStatus === 408;
}
