import type { InfoForm } from './info-form.ts';

/**
 * What real gateways do wrong, done on purpose, so that the agent can be tried against it. Off unless the code
 * that makes the proxy asks for it; nothing on the wire can.
 */
export type Misbehaviour =
  /** The callee's 200 is held back until the caller's CANCEL comes, and crosses it (RFC 3261 §9.1). */
  | { readonly type: 'glare' }
  /** The 200's SDP comes in a 183 first; with `sdp` another one. */
  | { readonly type: 'early-media'; readonly sdp?: string; readonly answerAfterMs?: number }
  /** INVITE is refused, whether or not anybody is registered; only the first `times` of them where given. */
  | {
      readonly type: 'reject';
      readonly status: number;
      readonly reason?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly times?: number;
    }
  /** INVITE is never answered, whether or not anybody is registered; a CANCEL of it is. */
  | { readonly type: 'silence'; readonly after: 'nothing' | 'trying' | 'ringing' }
  /** CANCEL is answered and carried out, but the INVITE never is. */
  | { readonly type: 'no-487' }
  /** Requests of that method are lost. */
  | { readonly type: 'swallow'; readonly method: 'BYE' | 'INFO' | 'UPDATE' | 'ACK' | 'OPTIONS' }
  /** Every INFO arrives that many times, unchanged, as a retransmission does. */
  | { readonly type: 'duplicate-info'; readonly copies: number }
  | { readonly type: 'rewrite-info'; readonly form: InfoForm }
  /** The connection of one side fails, right after that message has passed. */
  | { readonly type: 'drop-connection'; readonly side: 'caller' | 'callee'; readonly at: DropMoment }
  /** INVITE is challenged in a realm of its own. */
  | { readonly type: 'second-realm'; readonly realm: string; readonly password: string }
  /** Another 200 with another To tag follows the first, as from a phone that was rung in parallel. */
  | { readonly type: 'forked-answer' }
  /** Empty takes the SDP away. */
  | { readonly type: 'rewrite-sdp'; readonly of: 'offer' | 'answer'; readonly edit: (sdp: string) => string };

export type DropMoment = 'invite' | 'ringing' | 'answer' | 'ack' | 'info' | 'bye' | 'cancel';

export type MisbehaviourOf<Type extends Misbehaviour['type']> = Extract<Misbehaviour, { readonly type: Type }>;

/** Misbehaviours by the number or name that is called; `*` is everybody. */
export class Misbehaviours {
  readonly #plans = new Map<string, readonly Misbehaviour[]>();

  constructor(plans: Readonly<Record<string, readonly Misbehaviour[]>> = {}) {
    for (const [user, plan] of Object.entries(plans)) this.set(user, plan);
  }

  /** Replaces what was planned for that user; an empty list is good behaviour. */
  set(user: string, plan: readonly Misbehaviour[]): void {
    if (plan.length === 0) this.#plans.delete(user);
    else this.#plans.set(user, plan);
  }

  get isEmpty(): boolean {
    return this.#plans.size === 0;
  }

  find<Type extends Misbehaviour['type']>(users: readonly string[], type: Type): MisbehaviourOf<Type> | undefined {
    return this.findAll(users, type)[0];
  }

  findAll<Type extends Misbehaviour['type']>(users: readonly string[], type: Type): readonly MisbehaviourOf<Type>[] {
    if (this.isEmpty) return [];
    const isWanted = (one: Misbehaviour): one is MisbehaviourOf<Type> => one.type === type;
    return [...users, '*'].flatMap((user) => (this.#plans.get(user) ?? []).filter(isWanted));
  }
}
