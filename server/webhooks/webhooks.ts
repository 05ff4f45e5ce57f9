import type { Verification } from '../verification/verification.ts';
import { isAbout, type Delivery, type Forgotten, type Outbox } from './outbox.ts';
import { PostError, type Secret, type SignedMessage } from './signed-post.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** The scheme's own advice: soon for a hiccup, then for hours; the last try comes after about 18 hours. */
const RETRY_AFTER = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR];
/** So that many messages that failed together do not come back together. */
const JITTER = 0.1;
const LOOK_EVERY = 500;
/** A receiver that is slow holds up nobody else's messages. */
const AT_ONCE_PER_PARTY = 4;
/** Of one relying party: whose receiver is down for a day fills nobody else's place. */
const MAX_WAITING = 5_000;
const MAX_DEAD = 1_000;
const DEAD_STAY_FOR = 7 * 24 * HOUR;
const DONE_STAY_FOR = HOUR;
/** How long before the last write of the outbox an event may have been lost in a crash. */
const CRASH_MARGIN = MINUTE;

export interface Endpoint {
  readonly url: string;
  readonly secret: Secret;
}

export interface WebhooksDeps {
  readonly file: { read(): Promise<Outbox | null>; write(outbox: Outbox): Promise<void> };
  readonly endpointOf: (relyingParty: string) => Endpoint | undefined;
  /** What the receiver is shown of a verification. */
  readonly view: (verification: Verification) => Promise<object>;
  readonly post: (message: SignedMessage, signal: AbortSignal) => Promise<{ readonly status: number }>;
  readonly now: () => number;
  readonly onError: (error: unknown, what: string) => void;
  /** Told when a message is given up. */
  readonly onDead?: (delivery: Delivery) => void;
  /** Tests are impatient. */
  readonly retryAfter?: readonly number[];
  readonly lookEvery?: number;
}

/** Tells relying parties how their verifications ended: at least once, also through restarts. */
export class Webhooks {
  readonly #deps: WebhooksDeps;
  readonly #waiting = new Map<string, Delivery>();
  readonly #dead = new Map<string, Delivery>();
  readonly #done = new Map<string, number>();
  /** By delivery id. */
  readonly #underWay = new Map<string, { readonly relyingParty: string; readonly stop: AbortController }>();
  readonly #work = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #writtenAt: number;
  readonly #timer: NodeJS.Timeout;

  private constructor(deps: WebhooksDeps, outbox: Outbox | null) {
    this.#deps = deps;
    this.#writtenAt = outbox?.writtenAt ?? Infinity;
    for (const each of outbox?.waiting ?? []) this.#waiting.set(each.id, each);
    for (const each of outbox?.dead ?? []) this.#dead.set(each.id, each);
    for (const [id, at] of outbox?.done ?? []) this.#done.set(id, at);
    this.#timer = setInterval(() => this.#look(), deps.lookEvery ?? LOOK_EVERY).unref();
  }

  /** @throws StorageError `damaged` */
  static async open(deps: WebhooksDeps): Promise<Webhooks> {
    const outbox = await deps.file.read();
    // From now on a crash can be told from a first start.
    if (outbox === null) await deps.file.write({ writtenAt: deps.now(), waiting: [], dead: [], done: [] });
    return new Webhooks(deps, outbox);
  }

  /** Takes every change of a verification and tells of the one that settled it, and of a report that came after that. */
  publish(verification: Verification): void {
    const { settledAt, updatedAt } = verification;
    if (settledAt !== undefined && settledAt === updatedAt) this.#run(this.#enqueue(verification, 'settled'));
    else if (wasReportedLater(verification)) this.#run(this.#enqueue(verification, 'reported'));
  }

  /** Tells of what was settled right before a crash and did not reach the outbox; `settled` is what the store has. */
  recover(settled: readonly Verification[]): void {
    const since = this.#writtenAt - CRASH_MARGIN;
    for (const each of settled) {
      if ((each.settledAt ?? -Infinity) >= since) this.#run(this.#enqueue(each, 'settled'));
      if (wasReportedLater(each) && (each.reportedAt ?? -Infinity) >= since) this.#run(this.#enqueue(each, 'reported'));
    }
  }

  /** What was given up, the latest first; of one relying party, or of all. */
  dead(relyingParty?: string): readonly Delivery[] {
    const all = [...this.#dead.values()].toReversed();
    return relyingParty === undefined ? all : all.filter((each) => each.relyingParty === relyingParty);
  }

  /** Tries a dead message again from the start; false when there is none of this id (for this relying party). */
  async replay(id: string, relyingParty?: string): Promise<boolean> {
    const found = this.#dead.get(id);
    if (!found || (relyingParty !== undefined && found.relyingParty !== relyingParty)) return false;
    this.#dead.delete(id);
    this.#waiting.set(id, { ...found, attempts: 0, at: this.#deps.now() });
    try {
      await this.#save();
    } catch (error) {
      this.#waiting.delete(id);
      this.#dead.set(id, found);
      throw error;
    }
    this.#look();
    return true;
  }

  /**
   * Drops every message about a number, also one that is being made, and breaks off one that is on its way; says how many
   * there were. `verifications` are those of the number that there still are.
   */
  async forget({ verifications, ...whom }: Forgotten & { readonly verifications: readonly string[] }): Promise<number> {
    // Those that are being made are known by their verification only.
    for (const id of verifications.flatMap((each) => [idOf(each, 'settled'), idOf(each, 'reported')])) {
      this.#done.set(id, this.#deps.now());
    }
    const gone = [...this.#waiting.values(), ...this.#dead.values()].filter((each) => isAbout(each, whom));
    for (const { id } of gone) {
      this.#waiting.delete(id);
      this.#dead.delete(id);
      this.#done.set(id, this.#deps.now());
      this.#underWay.get(id)?.stop.abort();
    }
    await this.#save();
    return gone.length;
  }

  /** Breaks off what is under way; it is tried again after the next start. Harmless when called twice. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  async #enqueue(verification: Verification, what: 'settled' | 'reported'): Promise<void> {
    const { id: verificationId, relyingParty, status, settledAt = 0, reportedAt = 0 } = verification;
    const id = idOf(verificationId, what);
    const isKnown = this.#waiting.has(id) || this.#dead.has(id) || this.#done.has(id);
    if (isKnown || !this.#deps.endpointOf(relyingParty)) return;
    const type = `verification.${what === 'settled' ? status : 'reported'}`;
    const at = new Date(what === 'settled' ? settledAt : reportedAt).toISOString();
    const data = { ...(await this.#deps.view(verification)), relyingParty };
    // Forgotten meanwhile.
    if (this.#done.has(id)) return;
    const body = JSON.stringify({ type, timestamp: at, data });
    const now = this.#deps.now();
    const made = { id, relyingParty, verification: verificationId, type, body, createdAt: now, attempts: 0, at: now };
    if (of(relyingParty, this.#waiting).length < MAX_WAITING) this.#waiting.set(id, made);
    else this.#bury(made, 'too-many-waiting');
    await this.#save();
    this.#look();
  }

  #look(): void {
    if (this.#stop.signal.aborted) return;
    const now = this.#deps.now();
    for (const delivery of this.#waiting.values()) {
      if (delivery.at > now || this.#underWay.has(delivery.id)) continue;
      const { id, relyingParty } = delivery;
      const busy = [...this.#underWay.values()].filter((each) => each.relyingParty === relyingParty).length;
      if (busy >= AT_ONCE_PER_PARTY) continue;
      const stop = new AbortController();
      this.#underWay.set(id, { relyingParty, stop });
      const signal = AbortSignal.any([this.#stop.signal, stop.signal]);
      this.#run(this.#attempt(delivery, signal).finally(() => this.#underWay.delete(id)));
    }
  }

  async #attempt(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const fault = await this.#send(delivery, signal);
    if (this.#stop.signal.aborted && fault !== undefined) return;
    const { retryAfter = RETRY_AFTER, now } = this.#deps;
    // Forgotten while it was on its way.
    if (!this.#waiting.delete(delivery.id)) return;
    const attempts = delivery.attempts + 1;
    const pause = retryAfter[delivery.attempts];
    if (fault === undefined) this.#done.set(delivery.id, now());
    else if (pause === undefined || fault === GONE) this.#bury({ ...delivery, attempts }, fault);
    else {
      const at = now() + pause * (1 - JITTER + 2 * JITTER * Math.random());
      this.#waiting.set(delivery.id, { ...delivery, attempts, at, fault });
    }
    await this.#save();
  }

  /** Undefined when it was taken; else why not. */
  async #send({ id, relyingParty, body }: Delivery, signal: AbortSignal): Promise<string | undefined> {
    const endpoint = this.#deps.endpointOf(relyingParty);
    if (!endpoint) return GONE;
    try {
      const { status } = await this.#deps.post({ ...endpoint, id, body, at: this.#deps.now() }, signal);
      if (status >= 200 && status < 300) return undefined;
      // The scheme: 410 means that the receiver wants no more of these.
      return status === 410 ? GONE : `http-${status}`;
    } catch (error) {
      if (error instanceof PostError) return error.fault;
      this.#deps.onError(error, 'sending a webhook');
      return 'fault';
    }
  }

  #bury(delivery: Delivery, fault: string): void {
    const dead = { ...delivery, fault, at: this.#deps.now() };
    this.#dead.set(dead.id, dead);
    const [oldest, ...others] = of(dead.relyingParty, this.#dead);
    if (others.length >= MAX_DEAD && oldest) this.#dead.delete(oldest.id);
    this.#deps.onDead?.(dead);
  }

  async #save(): Promise<void> {
    const now = this.#deps.now();
    for (const [id, { at }] of this.#dead) if (now - at > DEAD_STAY_FOR) this.#dead.delete(id);
    for (const [id, at] of this.#done) if (now - at > DONE_STAY_FOR) this.#done.delete(id);
    await this.#deps.file.write({
      writtenAt: now,
      waiting: [...this.#waiting.values()],
      dead: [...this.#dead.values()],
      done: [...this.#done],
    });
  }

  #run(work: Promise<void>): void {
    const guarded = work
      .catch((error: unknown) => this.#deps.onError(error, 'keeping a webhook'))
      .finally(() => this.#work.delete(guarded));
    this.#work.add(guarded);
  }
}

/** The phone holder pressed the key when it was over already: as a failure it would have been told of. */
function wasReportedLater({ status, reason, reportedAt }: Verification): boolean {
  return reportedAt !== undefined && !(status === 'failed' && reason === 'reported');
}

/** Oldest first. */
function of(relyingParty: string, deliveries: ReadonlyMap<string, Delivery>): readonly Delivery[] {
  return [...deliveries.values()].filter((each) => each.relyingParty === relyingParty);
}

const GONE = 'gone';

function idOf(verificationId: string, what: 'settled' | 'reported'): string {
  return what === 'settled' ? `evt_${verificationId}` : `evt_${verificationId}_reported`;
}
