import type { TelephonyStatus } from '../../server/verification/ports.ts';
import type { SipResponse, Transaction } from '../sip/jssip.ts';
import { isRefreshScheduled } from '../sip/jssip-internals.ts';
import type { UserAgent } from '../sip/user-agent.ts';

/** Milliseconds. Doubled with each failure; the trunk of a small office may be away for a night. */
const FIRST_RETRY = 2_000;
const LAST_RETRY = 60_000;

export interface RegistrationOptions {
  /** False for trunks that authenticate each INVITE and keep no registration. */
  readonly register: boolean;
  readonly onStatus: (status: TelephonyStatus) => void;
  /** Milliseconds until the first retry. */
  readonly firstRetry?: number;
}

/**
 * Keeps the agent known to its trunk for ever, and knows whether calls can be placed. JsSIP tries once per
 * connection and then falls silent, and says nothing at all to a 200 without our Contact in it (field notes §1.4).
 */
export class Registration {
  readonly #userAgent: UserAgent;
  readonly #options: RegistrationOptions;
  #status: TelephonyStatus = { ready: false, reason: 'starting', detail: 'connecting to the trunk' };
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(userAgent: UserAgent, options: RegistrationOptions) {
    this.#userAgent = userAgent;
    this.#options = options;
    userAgent.on('connected', () => {
      if (!options.register) this.#ready();
    });
    userAgent.on('disconnected', () => {
      clearTimeout(this.#retry); // JsSIP registers anew with each connection
      this.#become({ ready: false, reason: 'trunk-unreachable', detail: 'no WebSocket connection to the trunk' });
    });
    userAgent.on('registered', () => this.#ready());
    userAgent.on('registrationFailed', ({ response }) => this.#failed(response));
    userAgent.watchTransactions({ onBegun: (transaction) => this.#watch(transaction) });
  }

  get status(): TelephonyStatus {
    return this.#status;
  }

  /** Harmless when called twice. */
  close(): void {
    clearTimeout(this.#retry);
    this.#become({ ready: false, reason: 'closed', detail: 'the voice server is shutting down' });
    this.#closed = true;
  }

  #watch(transaction: Transaction): void {
    if (this.#closed || transaction.type !== 'nict' || transaction.request.method !== 'REGISTER') return;
    const { eventHandlers } = transaction;
    const receive = eventHandlers.onReceiveResponse;
    eventHandlers.onReceiveResponse = (response) => {
      receive(response);
      const accepted = response.status_code >= 200 && response.status_code < 300;
      if (accepted && !this.#closed && !isRefreshScheduled(this.#userAgent)) this.#failed(response);
    };
  }

  #ready(): void {
    this.#failures = 0;
    clearTimeout(this.#retry);
    this.#become({ ready: true });
  }

  #failed(response: SipResponse | null): void {
    if (this.#closed || !this.#userAgent.isConnected()) return;
    this.#become(whyNot(response));
    const longest = Math.min(LAST_RETRY, (this.#options.firstRetry ?? FIRST_RETRY) * 2 ** this.#failures);
    this.#failures += 1;
    clearTimeout(this.#retry);
    // Half of it is random, so that a trunk that comes back is not asked by everybody at once.
    this.#retry = setTimeout(() => this.#userAgent.register(), longest * (0.5 + Math.random() / 2));
  }

  #become(status: TelephonyStatus): void {
    if (this.#closed || JSON.stringify(status) === JSON.stringify(this.#status)) return;
    this.#status = status;
    this.#options.onStatus(status);
  }
}

function whyNot(response: SipResponse | null): TelephonyStatus {
  if (!response) return { ready: false, reason: 'trunk-unreachable', detail: 'no answer to REGISTER' };
  const { status_code: status, reason_phrase: phrase } = response;
  if (status < 300) return { ready: false, reason: 'trunk-refused', detail: 'the registrar did not list our contact' };
  const refused = status >= 400 && status < 500 && status !== 408;
  return {
    ready: false,
    reason: refused ? 'trunk-refused' : 'trunk-unreachable',
    detail: `REGISTER: ${status} ${phrase}`,
  };
}
