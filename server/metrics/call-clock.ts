import { isAwaited, type Verification } from '../verification/verification.ts';

/** What a change says about its call; seconds since the call was ordered. */
export interface CallTimes {
  readonly toRinging?: number;
  readonly toAnswer?: number;
  readonly hasEnded: boolean;
}

/** Remembers when each call that has not ended was ordered. */
export class CallClock {
  readonly #orderedAt = new Map<string, number>();
  readonly #trunks = new Map<string, string>();

  /** The trunk of each call that has not ended; undefined for one that is still queued. */
  get liveTrunks(): readonly (string | undefined)[] {
    return [...this.#orderedAt.keys()].map((callId) => this.#trunks.get(callId));
  }

  changed(stored: Verification, before: Verification | undefined): CallTimes {
    const { call, updatedAt } = stored;
    // A call that nobody has made is none, and one that came in was not ordered by us: it has only an end.
    if (isAwaited(stored)) return { hasEnded: false };
    if (stored.method === 'dial-in') return this.#cameIn(stored, before);
    const isNew = before?.call.id !== call.id;
    const was = isNew ? 'queued' : before.call.state;
    // One that was under way before we started has no time to be measured from.
    if (isNew && call.state !== 'ended') this.#orderedAt.set(call.id, updatedAt);
    if (call.trunk !== undefined && this.#orderedAt.has(call.id)) this.#trunks.set(call.id, call.trunk);
    if (call.state === was) return { hasEnded: false };
    const orderedAt = this.#orderedAt.get(call.id);
    if (call.state === 'ended') {
      this.#orderedAt.delete(call.id);
      this.#trunks.delete(call.id);
      return { hasEnded: true };
    }
    if (orderedAt === undefined) return { hasEnded: false };
    const seconds = (updatedAt - orderedAt) / 1_000;
    if (call.state === 'ringing') return { toRinging: seconds, hasEnded: false };
    return call.state === 'answered' ? { toAnswer: seconds, hasEnded: false } : { hasEnded: false };
  }

  #cameIn({ call, updatedAt }: Verification, before: Verification | undefined): CallTimes {
    const wasUp = before?.call.id === call.id && before.call.state !== 'ended' && !isAwaited(before);
    if (call.state !== 'ended') {
      this.#orderedAt.set(call.id, updatedAt);
      if (call.trunk !== undefined) this.#trunks.set(call.id, call.trunk);
      return { hasEnded: false };
    }
    this.#orderedAt.delete(call.id);
    this.#trunks.delete(call.id);
    // Refused at once, or hung up; what nobody called has no end to count.
    return { hasEnded: wasUp || (before !== undefined && before.call.id !== call.id) };
  }
}
