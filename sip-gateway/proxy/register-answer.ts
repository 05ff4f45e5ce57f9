import type { OwnAnswer } from './incoming.ts';
import type { Binding, RegisterResult } from './registrar.ts';
import { header, type Header } from './sip-message.ts';

/** Seconds after which a full registrar may be asked again. */
const RETRY_AFTER = '60';

/** The registrar's decision as a SIP response (RFC 3261 §10.3 step 8). */
export function registerAnswer(result: RegisterResult, now: number): OwnAnswer {
  switch (result.type) {
    case 'ok':
      return { status: 200, headers: contactsOf(result.bindings, now) };
    case 'too-brief':
      return { status: 423, headers: [header('Min-Expires', String(result.minExpires))] };
    case 'bad-request':
      return { status: 400, reason: result.reason };
    case 'out-of-order':
      return { status: 500, reason: 'Overtaken By A Newer Request' };
    case 'full':
    default:
      return { status: 503, headers: [header('Retry-After', RETRY_AFTER)] };
  }
}

function contactsOf(bindings: readonly Binding[], now: number): readonly Header[] {
  const contacts = bindings.map(({ contact, params, expiresAt }) =>
    header('Contact', `<${contact}>${params};expires=${Math.ceil((expiresAt - now) / 1000)}`),
  );
  // RFC 5626 §6: tells the agent that its reg-id was understood.
  const isOutbound = bindings.some(({ instance }) => instance !== undefined);
  return isOutbound ? [...contacts, header('Require', 'outbound')] : contacts;
}
