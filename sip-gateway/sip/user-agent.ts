import { randomBytes } from 'node:crypto';
import { JsSipUserAgent, type RTCSession, type SipResponse, type Transaction, type UAConfiguration } from './jssip.ts';
import { installQuickGrammar } from './quick-grammar.ts';
import { installWebRtcGlobals } from './webrtc-globals.ts';

export interface TransactionWatcher {
  /** A transaction begins; JsSIP has not done anything with it yet. */
  onBegun(transaction: Transaction): void;
  onOver?(transaction: Transaction): void;
}

/**
 * JsSIP's user agent with those of its faults cured that are not about one call:
 * - the password survives the first success, so that a second realm can be answered (field notes §1.5);
 * - of several challenges the MD5 one is answered, not the last (§1.5);
 * - transaction ids come from a CSPRNG: JsSIP has ten million of them, too few for a thousand at once (§1.6);
 * - ending a session that has ended does nothing: JsSIP throws, and does so itself inside a promise that nobody
 *   catches when a call ends while it is negotiated anew;
 * - no Session-Expires is sent: a 422 would end the call (§1.7), and ours last two minutes at most.
 */
export class UserAgent extends JsSipUserAgent {
  readonly #watchers = new Set<TransactionWatcher>();

  constructor(configuration: UAConfiguration) {
    installWebRtcGlobals();
    installQuickGrammar();
    super({
      user_agent: 'Ringproof',
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 30,
      ...configuration,
    });
    this.on('newRTCSession', ({ session }) => makeTerminateHarmless(session));
  }

  /** Returns the undo. */
  watchTransactions(watcher: TransactionWatcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  override set(parameter: string, value: unknown): boolean {
    // After its first success JsSIP sets these two, which makes it forget the password.
    if (parameter === 'ha1' || parameter === 'realm') return true;
    return super.set(parameter, value);
  }

  override newTransaction(transaction: Transaction): void {
    if (transaction.type === 'ict' || transaction.type === 'nict') {
      transaction.id = `z9hG4bK${randomBytes(12).toString('hex')}`;
      const via = `SIP/2.0/${transaction.transport.via_transport} ${this.configuration.via_host};branch=${transaction.id}`;
      transaction.request.setHeader('via', via);
      onResponse(transaction, preferMd5);
    }
    super.newTransaction(transaction);
    for (const watcher of this.#watchers) watcher.onBegun(transaction);
  }

  override destroyTransaction(transaction: Transaction): void {
    super.destroyTransaction(transaction);
    for (const watcher of this.#watchers) watcher.onOver?.(transaction);
  }
}

function makeTerminateHarmless(session: RTCSession): void {
  const terminate = session.terminate.bind(session);
  session.terminate = (options) => {
    if (!session.isEnded()) terminate(options);
  };
}

/** Puts `before` in front of what JsSIP does with each response of a client transaction. */
function onResponse(transaction: Transaction, before: (response: SipResponse) => void): void {
  const { eventHandlers } = transaction;
  const receive = eventHandlers.onReceiveResponse;
  eventHandlers.onReceiveResponse = (response) => {
    before(response);
    receive(response);
  };
}

/** JsSIP keeps only the last challenge of a response, and can answer none but MD5 (field notes §1.5). */
function preferMd5(response: SipResponse): void {
  for (const name of ['WWW-Authenticate', 'Proxy-Authenticate']) {
    const challenges = [...response.data.matchAll(new RegExp(`^${name}[ \\t]*:[ \\t]*(.+?)[ \\t]*$`, 'gim'))];
    const md5 = challenges.find(
      ([, value = '']) => (/\balgorithm\s*=\s*"?([^",\s]+)/i.exec(value)?.[1] ?? 'MD5') === 'MD5',
    );
    if (challenges.length > 1 && md5?.[1] !== undefined) response.setHeader(name, md5[1]);
  }
}
