import type { Flow } from './flow.ts';
import type { SipResponse } from './sip-message.ts';

/** What is under way for one request of one caller. */
export interface ServerTransaction {
  readonly caller: Flow;
  readonly callee: Flow | undefined;
  onRepeated(): void;
  /** The caller's CANCEL; absent where there is nothing to cancel. */
  cancel?(): void;
  onCallerGone(): void;
  onCalleeGone(): void;
  /** Must lead to `remove`. */
  close(): void;
}

/** One that waits for responses from the other side. */
export interface Forwarding extends ServerTransaction {
  readonly callee: Flow;
  start(): void;
  onResponse(response: SipResponse): void;
}

export interface TransactionLimits {
  readonly total: number;
  readonly perFlow: number;
}

/** One agent alone may have this many calls under way; anything more is a flood. */
const TRANSACTION_LIMITS: TransactionLimits = { total: 20_000, perFlow: 10_000 };

/** All that is under way, found by the caller's key and by ours. */
export class TransactionTable {
  readonly #byServerKey = new Map<string, ServerTransaction>();
  readonly #byClientKey = new Map<string, Forwarding>();
  readonly #perFlow = new Map<string, number>();
  readonly #limits: TransactionLimits;

  constructor(limits: Partial<TransactionLimits> = {}) {
    this.#limits = { ...TRANSACTION_LIMITS, ...limits };
  }

  get size(): number {
    return this.#byServerKey.size;
  }

  isFullFor(flow: Flow): boolean {
    return this.#byServerKey.size >= this.#limits.total || (this.#perFlow.get(flow.id) ?? 0) >= this.#limits.perFlow;
  }

  /** Without a client key for a request that went no further. */
  add(transaction: ServerTransaction, serverKey: string): void {
    this.#byServerKey.set(serverKey, transaction);
    this.#perFlow.set(transaction.caller.id, (this.#perFlow.get(transaction.caller.id) ?? 0) + 1);
  }

  addForwarding(forwarding: Forwarding, serverKey: string, clientKey: string): void {
    this.add(forwarding, serverKey);
    this.#byClientKey.set(clientKey, forwarding);
  }

  remove(serverKey: string, clientKey?: string): void {
    const transaction = this.#byServerKey.get(serverKey);
    if (!transaction) return;
    this.#byServerKey.delete(serverKey);
    if (clientKey !== undefined) this.#byClientKey.delete(clientKey);
    const left = (this.#perFlow.get(transaction.caller.id) ?? 1) - 1;
    if (left > 0) this.#perFlow.set(transaction.caller.id, left);
    else this.#perFlow.delete(transaction.caller.id);
  }

  byServerKey(key: string): ServerTransaction | undefined {
    return this.#byServerKey.get(key);
  }

  byClientKey(key: string): Forwarding | undefined {
    return this.#byClientKey.get(key);
  }

  onFlowGone(flow: Flow): void {
    for (const transaction of this.#byServerKey.values()) {
      if (transaction.caller === flow) transaction.onCallerGone();
      if (transaction.callee === flow) transaction.onCalleeGone();
    }
  }

  close(): void {
    for (const transaction of this.#byServerKey.values()) transaction.close();
  }
}
