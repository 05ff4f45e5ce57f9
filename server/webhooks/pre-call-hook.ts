import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { VerificationError } from '../verification/errors.ts';
import { lookUpLocale } from '../verification/locale-lookup.ts';
import type { NumberPlan } from '../verification/phone-number.ts';
import type { VerificationService } from '../verification/service.ts';
import { refuseInCall } from '../verification/refusals.ts';
import { Turns } from '../verification/turns.ts';
import { KnownWaits } from './known-waits.ts';
import type { Secret, SignedMessage } from './signed-post.ts';

export interface PreCallHook {
  readonly url: string;
  readonly secret: Secret;
  /** What an answer that does not come, or makes no sense, counts as. */
  readonly onFailure: 'allow' | 'deny';
}

export interface PreCallHookDeps {
  readonly hookOf: (relyingParty: string) => PreCallHook | undefined;
  readonly post: (message: SignedMessage) => Promise<{ readonly status: number; readonly body: string }>;
  readonly numbers: NumberPlan;
  /** The languages that a relying party's calls may be held in. */
  readonly localesOf: (relyingParty: string) => readonly string[];
  /** The names that there are. */
  readonly trunks: readonly string[];
  readonly now: () => number;
  /** Told of an answer that counts as none. */
  readonly onFault: (error: unknown, relyingParty: string) => void;
}

interface PlannedCall {
  readonly relyingParty: string;
  readonly to: string;
  readonly method: string;
  readonly locale: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The only one that the operator lets it use. */
  readonly trunk?: string;
  /** When it is called again. */
  readonly verification?: string;
}

/** Asks the relying party before each of its calls, where it wants to be asked. */
export function askingBeforeCalls(service: VerificationService, deps: PreCallHookDeps): VerificationService {
  const again = new Turns();
  const waits = new KnownWaits(deps.now);
  return {
    ...delegating(service),
    create: async (request) => {
      if (!deps.hookOf(request.relyingParty)) return service.create(request);
      const { relyingParty, method, locale, metadata, trunk } = request;
      // Asked with the number that will be rung, so that nobody is asked about one that cannot be.
      const to = deps.numbers.normalise(request.to);
      const planned = { relyingParty, to, method, locale, ...(metadata && { metadata }) };
      const choice = await ask({ ...planned, ...(trunk !== undefined && { trunk }) }, deps);
      return service.create({ ...request, ...choice });
    },
    // A visitor may ask for this as often as he likes: the relying party is asked once at a time, and only about a call
    // that can be placed.
    callAgain: async (id, ...rest) =>
      again.take(id, async () => {
        const found = await service.get(id);
        refuseInCall(found);
        waits.refuse(id);
        const { relyingParty, to, method, locale, metadata, trunk } = found;
        const planned = { relyingParty, to, method, locale, verification: id, ...(metadata && { metadata }) };
        await ask({ ...planned, ...(trunk !== undefined && { trunk }) }, deps);
        return waits.heed(id, async () => service.callAgain(id, ...rest));
      }),
  };
}

/** A class's methods are not its own properties: spreading it would lose them. */
function delegating(service: VerificationService): Omit<VerificationService, 'create' | 'callAgain'> {
  return {
    check: async (...args) => service.check(...args),
    get: async (...args) => service.get(...args),
    list: async (...args) => service.list(...args),
    cancel: async (...args) => service.cancel(...args),
    erase: async (...args) => service.erase(...args),
    opens: (...args) => service.opens(...args),
    sweep: async () => service.sweep(),
    recover: async () => service.recover(),
    close: async () => service.close(),
  };
}

interface Choice {
  readonly locale?: string;
  readonly callerId?: string;
  readonly trunk?: string;
}

/** @throws VerificationError `call_denied` */
async function ask(planned: PlannedCall, deps: PreCallHookDeps): Promise<Choice> {
  const hook = deps.hookOf(planned.relyingParty);
  if (!hook) return {};
  const answer = await answerOf(planned, hook, deps).catch((error: unknown) => {
    deps.onFault(error, planned.relyingParty);
    return { allow: hook.onFailure === 'allow' };
  });
  const { allow, ...choice }: { readonly allow: boolean } & Choice = answer;
  if (!allow) throw new VerificationError('call_denied', 'This call is not wanted by the one that it is made for');
  return choice;
}

async function answerOf(
  planned: PlannedCall,
  { url, secret }: PreCallHook,
  { post, localesOf, trunks, now }: PreCallHookDeps,
): Promise<{ readonly allow: boolean } & Choice> {
  const at = now();
  const id = `ask_${randomBytes(16).toString('base64url')}`;
  const body = JSON.stringify({ type: 'call.planned', timestamp: new Date(at).toISOString(), data: planned });
  const response = await post({ url, secret, id, body, at });
  if (response.status !== 200) throw new TypeError(`The pre-call hook answered ${response.status}`);
  const parsed = ANSWER.safeParse(readJson(response.body));
  if (!parsed.success) throw new TypeError('The pre-call hook answered something else');
  const { allow, locale: tag, callerId, trunk } = parsed.data;
  const locale = tag === undefined ? undefined : lookUpLocale(tag, localesOf(planned.relyingParty));
  if (tag !== undefined && locale === undefined) throw new TypeError('The pre-call hook chose no voice of its own');
  // What the operator laid down for this relying party is not the relying party's to change.
  const mayUse =
    trunk === undefined || (planned.trunk === undefined ? trunks.includes(trunk) : trunk === planned.trunk);
  if (!mayUse) throw new TypeError('The pre-call hook chose no trunk of its own');
  return {
    allow,
    ...(locale !== undefined && { locale }),
    ...(callerId !== undefined && { callerId }),
    ...(trunk !== undefined && { trunk }),
  };
}

const ANSWER = z.strictObject({
  allow: z.boolean(),
  locale: z.string().optional(),
  callerId: z
    .string()
    .regex(/^\+?[\w.-]{1,64}$/)
    .optional(),
  trunk: z.string().optional(),
});

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
