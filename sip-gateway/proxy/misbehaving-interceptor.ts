import type { Clock } from '../../server/verification/ports.ts';
import type { Incoming } from './incoming.ts';
import type { CallSides, Interception, Interceptor } from './interceptor.ts';
import type { InviteForwarding } from './invite-forwarding.ts';
import { withBody, withInfoForm } from './misbehaving-body.ts';
import { MisbehavingInvite } from './misbehaving-invite.ts';
import type { Misbehaviours, MisbehaviourOf } from './misbehaviour.ts';
import { PasswordGate } from './password-gate.ts';
import { replyTo } from './reply.ts';
import { header, type SipRequest, type SipResponse } from './sip-message.ts';
import { SilentInvite } from './silent-invite.ts';
import type { Forwarding } from './transaction-table.ts';

const DROP_MOMENTS = { INVITE: 'invite', ACK: 'ack', INFO: 'info', BYE: 'bye' } as const;

/** Carries out the planned misbehaviours. */
export class MisbehavingInterceptor implements Interceptor {
  readonly #plan: Misbehaviours;
  readonly #clock: Clock;
  readonly #gates = new WeakMap<MisbehaviourOf<'second-realm'>, PasswordGate>();
  readonly #rejected = new WeakMap<MisbehaviourOf<'reject'>, number>();

  constructor(plan: Misbehaviours, clock: Clock) {
    this.#plan = plan;
    this.#clock = clock;
  }

  onInitial(incoming: Incoming, user: string, callers: readonly string[]): Interception | undefined {
    if (incoming.request.method !== 'INVITE') return undefined;
    const reject = this.#plan.find([user], 'reject');
    if (reject && this.#isStillRejecting(reject)) {
      return { type: 'answer', response: rejectionOf(incoming.request, reject) };
    }
    const silence = this.#plan.find([user], 'silence');
    if (silence) return { type: 'hold', begin: (onOver) => new SilentInvite(incoming, silence.after, onOver) };
    const challenge = this.#challenge(incoming, user, callers);
    return challenge && { type: 'answer', response: challenge };
  }

  onForward(request: SipRequest, users: readonly string[]): readonly SipRequest[] {
    if (this.#plan.findAll(users, 'swallow').some(({ method }) => method === request.method)) return [];
    if (request.method === 'INFO') {
      const rewrite = this.#plan.find(users, 'rewrite-info');
      const copies = this.#plan.find(users, 'duplicate-info')?.copies ?? 1;
      return Array.from({ length: copies }, () => (rewrite ? withInfoForm(request, rewrite.form) : request));
    }
    const edit = this.#plan.find(users, 'rewrite-sdp');
    return [edit?.of === 'offer' && request.method === 'INVITE' ? withBody(request, edit.edit) : request];
  }

  onForwarded(request: SipRequest, sides: CallSides): void {
    const moment = Object.entries(DROP_MOMENTS).find(([method]) => method === request.method)?.[1];
    for (const { side, at } of this.#plan.findAll(sides.users, 'drop-connection')) {
      if (at === moment) sides[side].drop();
    }
  }

  onInvite(forwarding: InviteForwarding, users: readonly string[]): Forwarding {
    if (this.#plan.isEmpty) return forwarding;
    return new MisbehavingInvite(forwarding, this.#plan, users);
  }

  #isStillRejecting(reject: MisbehaviourOf<'reject'>): boolean {
    const count = this.#rejected.get(reject) ?? 0;
    if (reject.times !== undefined && count >= reject.times) return false;
    this.#rejected.set(reject, count + 1);
    return true;
  }

  #challenge(incoming: Incoming, user: string, callers: readonly string[]): SipResponse | undefined {
    const second = this.#plan.find([user], 'second-realm');
    if (!second) return undefined;
    const gate =
      this.#gates.get(second) ??
      new PasswordGate({ realm: second.realm, password: second.password, clock: this.#clock });
    this.#gates.set(second, gate);
    const answer = gate.check(incoming, callers, 407);
    return answer && replyTo(incoming.request, answer);
  }
}

function rejectionOf(request: SipRequest, { status, reason, headers = {} }: MisbehaviourOf<'reject'>): SipResponse {
  const fields = Object.entries(headers).map(([name, value]) => header(name, value));
  return { ...replyTo(request, { status: 500, headers: fields }), status, reason: reason ?? 'Misbehaving' };
}
