import type { Misbehaviour } from '../../sip-gateway/proxy/misbehaviour.ts';
import { between, pick, type Random } from './random.ts';

/** How one call of the soak goes wrong, if it does. Times in milliseconds. */
export interface Fault {
  readonly name: string;
  /** What the proxy does to it. */
  readonly misbehaviours?: readonly Misbehaviour[];
  readonly phone?: 'busy' | 'declines' | 'never-answers';
  /** From the answer. */
  readonly hangsUpAfter?: number;
  readonly mediaDieAfter?: number;
  readonly sends?: 'rubbish' | 'nothing';
  readonly code?: 'wrong';
  /** From the creation: the verification is canceled on the page, or superseded by a newer one. */
  readonly page?: { readonly does: 'cancels' | 'begins-anew'; readonly after: number };
}

/** A whole conversation with its keys takes about so long. */
const CONVERSATION = 1_500;

type Make = (random: Random) => Omit<Fault, 'name'>;

const MOMENTS = ['invite', 'ringing', 'answer', 'ack', 'info', 'bye', 'cancel'] as const;
const FORMS = ['relay-spaced', 'relay-lower-name', 'relay-number', 'dtmf-bare', 'relay-duration-first'] as const;

const FAULTS: Readonly<Record<string, Make>> = {
  none: () => ({}),
  busy: () => ({ phone: 'busy' }),
  declines: () => ({ phone: 'declines' }),
  'never answers': () => ({ phone: 'never-answers' }),
  'hangs up': (random) => ({ hangsUpAfter: between(random, 0, CONVERSATION) }),
  'hangs up at once': () => ({ hangsUpAfter: 0 }),
  'wrong code': () => ({ code: 'wrong' }),
  'keys nothing': () => ({ sends: 'nothing' }),
  rubbish: () => ({ sends: 'rubbish' }),
  'media die': (random) => ({ mediaDieAfter: between(random, 0, CONVERSATION) }),
  'phone loses its connection': (random) => ({
    misbehaviours: [{ type: 'drop-connection', side: 'callee', at: pick(random, MOMENTS) }],
  }),
  'canceled on the page': (random) => ({ page: { does: 'cancels', after: between(random, 0, CONVERSATION) } }),
  superseded: (random) => ({ page: { does: 'begins-anew', after: between(random, 0, CONVERSATION) } }),
  glare: (random) => ({
    misbehaviours: [{ type: 'glare' }],
    page: { does: 'cancels', after: between(random, 50, 300) },
  }),
  'silent 487': (random) => ({
    misbehaviours: [{ type: 'no-487' }],
    phone: 'never-answers',
    page: { does: 'cancels', after: between(random, 50, 300) },
  }),
  'refused by the trunk': (random) => ({
    misbehaviours: [{ type: 'reject', status: pick(random, [403, 404, 480, 484, 488, 500, 503, 603]) }],
  }),
  'INVITE is never answered': (random) => ({
    misbehaviours: [{ type: 'silence', after: pick(random, ['nothing', 'trying', 'ringing']) }],
  }),
  'early media': (random) => ({
    misbehaviours: [{ type: 'early-media', answerAfterMs: between(random, 10, 200) }],
  }),
  'BYE is lost': () => ({ misbehaviours: [{ type: 'swallow', method: 'BYE' }] }),
  'ACK is lost': () => ({ misbehaviours: [{ type: 'swallow', method: 'ACK' }] }),
  'INFO is lost': () => ({ misbehaviours: [{ type: 'swallow', method: 'INFO' }] }),
  'INFO comes thrice': () => ({ misbehaviours: [{ type: 'duplicate-info', copies: 3 }] }),
  'INFO in another form': (random) => ({ misbehaviours: [{ type: 'rewrite-info', form: pick(random, FORMS) }] }),
  'two phones answer': () => ({ misbehaviours: [{ type: 'forked-answer' }] }),
  'answer without SDP': () => ({ misbehaviours: [{ type: 'rewrite-sdp', of: 'answer', edit: () => '' }] }),
  'answer without DTLS': () => ({
    misbehaviours: [{ type: 'rewrite-sdp', of: 'answer', edit: (sdp) => sdp.replace(/^a=fingerprint.*$/m, 'a=x') }],
  }),
};

/** Cuts the agent's connection, and so touches every call that is up. */
const RARE: Readonly<Record<string, Make>> = {
  'trunk loses its connection': (random) => ({
    misbehaviours: [{ type: 'drop-connection', side: 'caller', at: pick(random, MOMENTS) }],
  }),
};
const RARELY = 0.01;

export function drawFault(random: Random): Fault {
  const faults = random() < RARELY ? RARE : FAULTS;
  const name = pick(random, Object.keys(faults));
  return { name, ...faults[name]?.(random) };
}
