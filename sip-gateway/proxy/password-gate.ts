import { Digest, type DigestOptions } from './digest.ts';
import type { Flow } from './flow.ts';
import type { Incoming, OwnAnswer } from './incoming.ts';
import { header, headersOf } from './sip-message.ts';

/** A connection that guesses passwords is closed. */
const MAX_WRONG_ANSWERS = 10;

const FIELDS = {
  401: { challenge: 'WWW-Authenticate', credentials: 'authorization' },
  407: { challenge: 'Proxy-Authenticate', credentials: 'proxy-authorization' },
} as const;

/** Asks for the password as a registrar (401) or as a proxy (407) does (RFC 3261 §22). */
export class PasswordGate {
  readonly #digest: Digest;
  readonly #wrongAnswers = new WeakMap<Flow, number>();

  constructor(options: DigestOptions) {
    this.#digest = new Digest(options);
  }

  /** Undefined lets the request pass. */
  check({ flow, request }: Incoming, users: readonly string[], status: 401 | 407): OwnAnswer | undefined {
    const all = headersOf(request, FIELDS[status].credentials);
    const verdict = this.#digest.check({
      credentials: all.find((value) => value.includes(`realm="${this.#digest.realm}"`)),
      method: request.method,
      uri: request.uri,
      users,
      flowId: flow.id,
    });
    switch (verdict) {
      case 'right':
        return undefined;
      case 'wrong': {
        const wrong = (this.#wrongAnswers.get(flow) ?? 0) + 1;
        this.#wrongAnswers.set(flow, wrong);
        if (wrong >= MAX_WRONG_ANSWERS) flow.close(1008, 'too many wrong passwords');
        return { status: 403 };
      }
      case 'missing':
      case 'stale':
      default: {
        const challenge = this.#digest.challenge(flow.id, verdict === 'stale');
        return { status, headers: [header(FIELDS[status].challenge, challenge)] };
      }
    }
  }

  sweep(): void {
    this.#digest.sweep();
  }
}
