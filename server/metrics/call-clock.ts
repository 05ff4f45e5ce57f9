import type { Verification } from '../verification/verification.ts';

/** What a change says about its call; seconds since the call was ordered. */
export interface CallTimes {
  readonly toRinging?: number;
  readonly toAnswer?: number;
  readonly hasEnded: boolean;
}

/** Remembers when each call that has not ended was ordered. */
export class CallClock {
  readonly #orderedAt = new Map<string, number>();

  get live(): number {
    return this.#orderedAt.size;
  }

  changed(stored: Verification, before: Verification | undefined): CallTimes {
    const { call, updatedAt } = stored;
    const isNew = before?.call.id !== call.id;
    const was = isNew ? 'queued' : before.call.state;
    // One that was under way before we started has no time to be measured from.
    if (isNew && call.state !== 'ended') this.#orderedAt.set(call.id, updatedAt);
    if (call.state === was) return { hasEnded: false };
    const orderedAt = this.#orderedAt.get(call.id);
    if (call.state === 'ended') {
      this.#orderedAt.delete(call.id);
      return { hasEnded: true };
    }
    if (orderedAt === undefined) return { hasEnded: false };
    const seconds = (updatedAt - orderedAt) / 1_000;
    if (call.state === 'ringing') return { toRinging: seconds, hasEnded: false };
    return call.state === 'answered' ? { toAnswer: seconds, hasEnded: false } : { hasEnded: false };
  }
}
