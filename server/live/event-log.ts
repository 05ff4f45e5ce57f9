import type { Verification } from '../verification/verification.ts';

/** More than one verification with several calls brings; a reader that missed more starts from what is left. */
const MAX_EVENTS = 64;

/** The latest states of one verification, in the order of their revisions. Every state is whole, so a gap loses nothing. */
export class EventLog {
  readonly #states: Verification[] = [];

  /** False for a state that is not newer than the last. */
  add(state: Verification): boolean {
    const last = this.#states.at(-1);
    if (last && state.revision <= last.revision) return false;
    this.#states.push(state);
    if (this.#states.length > MAX_EVENTS) this.#states.shift();
    return true;
  }

  /** What a reader that has seen this revision has missed; a new reader needs only the latest. */
  since(revision: number | undefined): readonly Verification[] {
    if (revision === undefined) return this.#states.slice(-1);
    return this.#states.filter((state) => state.revision > revision);
  }
}

/** Nothing will change any more: the verification is final and its call has ended. */
export function isOver({ status, call }: Verification): boolean {
  return status !== 'pending' && call.state === 'ended';
}
