import type { Created } from '../verification/service.ts';
import type { Verification } from '../verification/verification.ts';
import type { CheckView, CreatedVerificationView, OperatorVerificationView, VerificationView } from './contract.ts';

/** What may be shown of a verification to whoever may read it: no code, no token, no hash. */
export function viewOf(verification: Verification): VerificationView {
  const {
    id,
    to,
    method,
    locale,
    status,
    reason,
    attemptsLeft,
    call,
    dialIn,
    extension,
    metadata,
    nonce,
    transaction,
    terms,
    wordText: word,
  } = verification;
  return {
    id,
    to,
    method,
    locale,
    status,
    ...(reason !== undefined && { reason }),
    attemptsLeft,
    createdAt: new Date(verification.createdAt).toISOString(),
    expiresAt: new Date(verification.expiresAt).toISOString(),
    call: {
      id: call.id,
      number: call.number,
      state: call.state,
      keys: call.keys,
      ...(call.keyTiming !== undefined && { keyTiming: call.keyTiming }),
      ...(call.outcome !== undefined && { outcome: call.outcome }),
      ...(call.caller && { caller: { ...call.caller } }),
    },
    ...(terms && { gateDigits: terms.gateDigits }),
    ...(dialIn !== undefined && { dialIn: { number: dialIn } }),
    ...(extension !== undefined && { extension }),
    ...(metadata && { metadata: { ...metadata } }),
    ...(nonce !== undefined && { nonce }),
    ...(transaction && { transaction: { ...transaction, spoken: call.transactionSpoken ?? false } }),
    ...(word !== undefined && { word }),
    ...(verification.settledAt !== undefined && { settledAt: new Date(verification.settledAt).toISOString() }),
    ...(verification.reportedAt !== undefined && { reportedAt: new Date(verification.reportedAt).toISOString() }),
  };
}

/** A verification is never changed in place, so the text of its view is made once for all who read it. */
const texts = new WeakMap<Verification, string>();

/** The view as JSON. */
export function viewTextOf(verification: Verification): string {
  const known = texts.get(verification);
  if (known !== undefined) return known;
  const text = JSON.stringify(viewOf(verification));
  texts.set(verification, text);
  return text;
}

/** What a relying party and an operator may see besides; a visitor need not know how a call travels. */
export function operatorViewOf(verification: Verification): OperatorVerificationView {
  const { relyingParty, call } = verification;
  const view = viewOf(verification);
  const { trunk, answeredMs } = call;
  const carried = { ...(trunk !== undefined && { trunk }), ...(answeredMs !== undefined && { answeredMs }) };
  return { ...view, relyingParty, call: { ...view.call, ...carried } };
}

/** What a call cost is between the operator and the carrier. */
export function pricedViewOf(verification: Verification): OperatorVerificationView {
  const view = operatorViewOf(verification);
  const { cost } = verification.call;
  return cost ? { ...view, call: { ...view.call, cost: { ...cost } } } : view;
}

export function createdViewOf({ verification, token, code }: Created): CreatedVerificationView {
  return { ...viewOf(verification), token, ...(code !== undefined && { code }) };
}

export function checkViewOf({ status, attemptsLeft }: Verification): CheckView {
  return { status, attemptsLeft };
}
