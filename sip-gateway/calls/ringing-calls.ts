import { randomBytes } from 'node:crypto';
import type { FromGateway, TrunkConfig } from '../../server/telephony/messages.ts';
import type { IncomingCall } from '../agent/incoming-call.ts';
import type { LinePlacer } from './call.ts';
import { takenLine } from './taken-line.ts';

interface Ringing {
  readonly call: IncomingCall;
  readonly trunk: TrunkConfig;
  readonly forgetting: NodeJS.Timeout;
}

/** Longer than an agent lets a call ring without a decision, milliseconds. */
const FORGOTTEN_AFTER = 10_000;

/** Calls that came in and are not decided about: the web server knows who is expected. */
export class RingingCalls {
  readonly #send: (message: FromGateway) => void;
  readonly #calls = new Map<string, Ringing>();

  constructor(send: (message: FromGateway) => void) {
    this.#send = send;
  }

  offer(call: IncomingCall, trunk: TrunkConfig): void {
    const id = `call_${randomBytes(16).toString('base64url')}`;
    // Whoever hangs up before it is decided leaves an entry for as long as a decision may take.
    const forgetting = setTimeout(() => this.#calls.delete(id), FORGOTTEN_AFTER).unref();
    this.#calls.set(id, { call, trunk, forgetting });
    const fields = { callId: id, sipCallId: call.sipCallId, trunk: trunk.name };
    this.#send({ type: 'log', level: 'info', event: 'call.came-in', fields });
    this.#send({ type: 'incoming', call: { id, caller: call.caller } });
  }

  /** The line that answers it, which may take a moment yet; undefined for a call that nobody knows. */
  take(callId: string): LinePlacer | undefined {
    const ringing = this.#remove(callId);
    ringing?.call.decided();
    return ringing && takenLine(ringing.call, ringing.trunk);
  }

  refuse(callId: string, status: number): void {
    this.#remove(callId)?.call.refuse(status);
  }

  #remove(callId: string): Ringing | undefined {
    const ringing = this.#calls.get(callId);
    clearTimeout(ringing?.forgetting);
    this.#calls.delete(callId);
    return ringing;
  }
}
