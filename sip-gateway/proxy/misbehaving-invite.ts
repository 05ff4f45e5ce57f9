import { randomBytes } from 'node:crypto';
import type { Flow } from './flow.ts';
import type { InviteForwarding } from './invite-forwarding.ts';
import type { DropMoment, Misbehaviours } from './misbehaviour.ts';
import { withBody } from './misbehaving-body.ts';
import { headerOf, withHeader, type SipResponse } from './sip-message.ts';
import type { Forwarding } from './transaction-table.ts';

/** An INVITE on its way, in the hands of somebody who means it ill. */
export class MisbehavingInvite implements Forwarding {
  readonly caller: Flow;
  readonly callee: Flow;
  readonly #inner: InviteForwarding;
  readonly #plan: Misbehaviours;
  readonly #users: readonly string[];
  #held: SipResponse | undefined;
  #isCanceled = false;
  #isAnswered = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(inner: InviteForwarding, plan: Misbehaviours, users: readonly string[]) {
    this.#inner = inner;
    this.#plan = plan;
    this.#users = users;
    this.caller = inner.caller;
    this.callee = inner.callee;
  }

  start(): void {
    this.#inner.start();
  }

  onRepeated(): void {
    this.#inner.onRepeated();
  }

  onResponse(original: SipResponse): void {
    const edit = this.#plan.find(this.#users, 'rewrite-sdp');
    const response = edit?.of === 'answer' ? withBody(original, edit.edit) : original;
    if (response.status >= 200 && response.status < 300) this.#onAnswered(response);
    else {
      this.#inner.onResponse(response);
      if (response.status > 100 && response.status < 200) this.#drop('ringing');
    }
  }

  cancel(): void {
    if (this.#plan.find(this.#users, 'glare')) {
      this.#isCanceled = true;
      if (this.#held) this.#inner.onResponse(this.#held);
    } else if (this.#plan.find(this.#users, 'no-487')) {
      // As if nobody were there to hear: the callee is told, the caller is not.
      this.#inner.onCallerGone();
    } else this.#inner.cancel();
    this.#drop('cancel');
  }

  onCallerGone(): void {
    this.#inner.onCallerGone();
  }

  onCalleeGone(): void {
    this.#inner.onCalleeGone();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#inner.close();
  }

  #onAnswered(response: SipResponse): void {
    if (this.#plan.find(this.#users, 'glare') && !this.#isCanceled) {
      this.#held = response;
      return;
    }
    const early = this.#plan.find(this.#users, 'early-media');
    if (!early || this.#isAnswered) {
      this.#pass(response);
      return;
    }
    if (this.#timer) return; // the callee says it again
    const sdp = early.sdp;
    const progress = { ...response, status: 183, reason: 'Session Progress' };
    this.#inner.onResponse(sdp === undefined ? progress : withBody(progress, () => sdp));
    this.#timer = setTimeout(() => this.#pass(response), early.answerAfterMs ?? 200).unref();
  }

  #pass(response: SipResponse): void {
    this.#inner.onResponse(response);
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    if (this.#plan.find(this.#users, 'forked-answer')) this.#inner.onResponse(forkOf(response));
    this.#drop('answer');
  }

  #drop(moment: DropMoment): void {
    for (const { side, at } of this.#plan.findAll(this.#users, 'drop-connection')) {
      if (at === moment) this[side].drop();
    }
  }
}

function forkOf(response: SipResponse): SipResponse {
  const to = (headerOf(response, 'to') ?? '').replace(/;\s*tag=[^;]*/i, '');
  return withHeader(response, 'To', `${to};tag=fork-${randomBytes(4).toString('hex')}`);
}
