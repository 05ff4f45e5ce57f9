import type { TrunkConfig } from '../../server/telephony/messages.ts';
import type { CallRoute } from '../../server/verification/ports.ts';
import type { AgentCall, AgentCallEnd, AgentCallEvents } from '../agent/agent.ts';
import type { CallMedia } from '../sip/call-media.ts';
import { mayTryElsewhere } from './fail-over.ts';
import { nextTry } from './next-try.ts';
import { LONGEST_QUEUE } from './trunk-capacity.ts';
import type { Trunk } from './trunk.ts';

/** `trunk`: the one that carried the call, or was tried last; absent when none was tried. */
export type TrunkCallEnd = AgentCallEnd & { readonly trunk?: string };

export interface TrunkCallEvents extends Omit<AgentCallEvents, 'onDialed' | 'onEnded'> {
  /** A trunk is tried, with media of this try; several may be, one after the other, until one rings. */
  onTrying(trunk: TrunkConfig, media: CallMedia): void;
  /** The INVITE is about to go out. */
  onDialed?(sipCallId: string, trunk: string): void;
  /** This trunk did not do it, and another one will be tried if there is one. */
  onFailed?(end: TrunkCallEnd): void;
  onEnded(end: TrunkCallEnd): void;
}

export interface TrunkRoute extends CallRoute {
  /** Instead of that of the trunk. */
  readonly callerId?: string;
}

export interface TrunkCallParts {
  /** The trunks that may carry it, the best first. */
  readonly trunks: readonly Trunk[];
  /** Milliseconds from the first INVITE to the answer, over all trunks. */
  readonly ring: number;
  /** Milliseconds until a trunk that says nothing is given up, where there is another one. */
  readonly silence?: number;
  readonly now: () => number;
  /** How many calls a trunk has has changed. */
  readonly onLoad: () => void;
}

/** A gateway says `100 Trying` at once (RFC 3261 §17.2.1); one that does not in this time will not. Milliseconds. */
const SILENCE = 5_000;
/** With less of the time left no phone rings long enough to be picked up. */
const SHORTEST_RING_SHARE = 1 / 8;

/**
 * One call on whichever trunk takes it: as long as no phone rang, a trunk that fails is followed by the next one.
 *
 *   queued ─▶ trying ─▶ (failed, next) trying ─▶ ended
 *      └──────────┴────────────────────────────────▲
 */
export class TrunkCall {
  readonly #parts: TrunkCallParts;
  readonly #route: TrunkRoute;
  readonly #events: TrunkCallEvents;
  readonly #untried: Set<Trunk>;
  readonly #placedAt: number;
  #dialedAt: number | undefined;
  #queued: { readonly timer: NodeJS.Timeout; readonly trunk: Trunk } | undefined;
  #line: Pick<AgentCall, 'hangUp' | 'sendInfo'> | undefined;
  #reached = false;
  #hungUp = false;
  #ended = false;
  #last: TrunkCallEnd = { outcome: 'trunk-unavailable' };

  /** Reports nothing before this returns. */
  constructor(parts: TrunkCallParts, route: TrunkRoute, events: TrunkCallEvents) {
    this.#parts = parts;
    this.#route = route;
    this.#events = events;
    this.#untried = new Set(parts.trunks);
    this.#placedAt = parts.now();
    queueMicrotask(() => this.#next());
  }

  /** See AgentCall. */
  sendInfo(contentType: string, body: string): void {
    this.#line?.sendInfo(contentType, body);
  }

  /** Ends the call, in whatever phase it is; harmless once it has ended. */
  hangUp(outcome: AgentCallEnd['outcome']): void {
    this.#hungUp = true;
    if (this.#line) this.#line.hangUp(outcome);
    else this.#end({ outcome });
  }

  #next(): void {
    if (this.#ended) return;
    const now = this.#parts.now();
    const patience = this.#placedAt + LONGEST_QUEUE - now;
    const candidates = [...this.#untried].map((trunk) => trunk.candidate(now));
    const next =
      this.#ringLeft(now) < this.#parts.ring * SHORTEST_RING_SHARE
        ? undefined
        : nextTry(candidates, Math.max(0, patience));
    if (!next) {
      this.#end(this.#last);
      return;
    }
    const { trunk, wait = 0 } = next;
    trunk.capacity.take(now);
    this.#parts.onLoad();
    if (wait === 0) this.#try(trunk);
    else this.#queued = { trunk, timer: setTimeout(() => this.#try(trunk), wait) };
  }

  #try(trunk: Trunk): void {
    this.#queued = undefined;
    this.#untried.delete(trunk);
    const { name } = trunk.config;
    const now = this.#parts.now();
    this.#dialedAt ??= now;
    const { to, callerId } = this.#route;
    const silence = this.#untried.size > 0 ? { silence: this.#parts.silence ?? SILENCE } : {};
    const line = trunk.agent.place(
      to,
      {
        ...this.#events,
        onDialed: (sipCallId) => this.#events.onDialed?.(sipCallId, name),
        onRinging: () => {
          this.#reached = true;
          this.#events.onRinging();
        },
        onAnswered: () => {
          this.#reached = true;
          this.#events.onAnswered();
        },
        onEnded: (end) => this.#onTryEnded(trunk, end),
      },
      { ring: this.#ringLeft(now), ...silence, ...(callerId !== undefined && { callerId }) },
    );
    this.#line = line;
    this.#events.onTrying(trunk.config, line.media);
  }

  #onTryEnded(trunk: Trunk, end: AgentCallEnd): void {
    trunk.capacity.release();
    this.#parts.onLoad();
    this.#last = { ...end, trunk: trunk.config.name };
    if (!mayTryElsewhere({ end, reached: this.#reached, hungUp: this.#hungUp })) {
      this.#end(this.#last);
      return;
    }
    if (end.outcome === 'trunk-unavailable') trunk.failed(this.#parts.now());
    this.#events.onFailed?.(this.#last);
    this.#next();
  }

  #ringLeft(now: number): number {
    return this.#dialedAt === undefined ? this.#parts.ring : this.#dialedAt + this.#parts.ring - now;
  }

  #end(end: TrunkCallEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#queued) {
      clearTimeout(this.#queued.timer);
      this.#queued.trunk.capacity.release();
      this.#queued = undefined;
      this.#parts.onLoad();
    }
    this.#events.onEnded(end);
  }
}
