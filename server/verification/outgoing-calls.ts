import type { Admissions } from './admissions.ts';
import type { Method } from './call.ts';
import { WrittenEvents, type CallEventsDeps } from './call-events.ts';
import { VerificationError } from './errors.ts';
import { extensionParts } from './extension.ts';
import type { Lines } from './lines.ts';
import type { VerificationPolicy } from './policy.ts';
import type { CallRoute, Telephony } from './ports.ts';
import type { Created } from './service.ts';
import type { Verification } from './verification.ts';

const TRY_AGAIN_SECONDS = 5;

export interface OutgoingCallsDeps {
  readonly telephony: Telephony;
  readonly policy: VerificationPolicy;
  readonly lines: Lines;
  readonly admissions: Admissions;
  readonly events: CallEventsDeps;
}

/** Rings the numbers of verifications that were stored, and knows the codes that their pages show meanwhile. */
export class OutgoingCalls {
  readonly #deps: OutgoingCallsDeps;
  /** Codes to show, as long as their verification is pending; for idempotent replays only. */
  readonly #codes = new Map<string, string>();
  #isClosed = false;

  constructor(deps: OutgoingCallsDeps) {
    this.#deps = deps;
  }

  /** @throws VerificationError `telephony_unavailable` | `number_not_allowed` */
  refuseWithoutTelephone({ to, trunk, method }: CallRoute & { readonly method: Method }): void {
    // Whoever calls in needs a trunk that is there, not one that carries calls to the number.
    const route = method === 'dial-in' ? undefined : { to, ...(trunk !== undefined && { trunk }) };
    const status = this.#deps.telephony.status(route);
    if (status.ready && !this.#isClosed) return;
    const reason = status.ready ? 'closed' : status.reason;
    if (reason === 'no-trunk') {
      throw new VerificationError('number_not_allowed', 'Calls to this number are not placed from here', {
        field: '/to',
      });
    }
    throw new VerificationError('telephony_unavailable', `No call can be placed at the moment (${reason})`, {
      retryAfterSeconds: TRY_AGAIN_SECONDS,
    });
  }

  /** @param verification that was just stored with this code */
  place(verification: Verification, code: string): void {
    const { to, method, locale, call, extension, callerId, trunk, word, transaction } = verification;
    const { policy, admissions, lines, events: eventsDeps } = this.#deps;
    const { codeLength, gateDigits, reportKey, extensionWait } = policy;
    if (method !== 'spoken') this.#codes.set(verification.id, code);
    // The person calls.
    if (method === 'dial-in') return;
    const whom = { to, ...(extension !== undefined && { extension }) };
    const written = new WrittenEvents(verification, eventsDeps);
    const events = admissions.metered({ callId: call.id, ...whom, events: written });
    const choices = {
      ...(method === 'spoken' && { code }),
      ...(extension !== undefined && { extension: extensionParts(extension, extensionWait) }),
      ...(callerId !== undefined && { callerId }),
      ...(trunk !== undefined && { trunk }),
      ...(reportKey !== undefined && { reportKey }),
      ...(word !== undefined && { word }),
      ...(transaction && { transaction }),
    };
    const request = { id: call.id, to, method, locale, codeLength, gateDigits, ...choices };
    lines.place(request, { events, now: eventsDeps.now() });
  }

  /** What the page is told: with the code as long as it is to be shown. */
  created(verification: Verification): Created {
    const code = this.#codes.get(verification.id);
    const token = this.#deps.events.hash.token(verification.id);
    return { verification, token, ...(code !== undefined && { code }) };
  }

  forget(verificationId: string): void {
    this.#codes.delete(verificationId);
  }

  /** No call is placed from here on. */
  close(): void {
    this.#isClosed = true;
  }

  forgetAll(): void {
    this.#codes.clear();
  }
}
