import type { Verification } from '../verification/verification.ts';

/** A verification with its JSON text, which is made once for the journal and used again for its page. */
export interface Stored {
  readonly verification: Verification;
  readonly text: string;
}

/** What is done to the store in one step: a revision is written, or verifications are forgotten by their ids. */
export type Change = { readonly put: Stored } | { readonly drop: readonly string[] };

export function storedOf(verification: Verification): Stored {
  return { verification, text: JSON.stringify(verification) };
}

export function putOf(verification: Verification): Change {
  return { put: storedOf(verification) };
}

/** The ids that a change is about. */
export function idsOf(change: Change): readonly string[] {
  return 'put' in change ? [change.put.verification.id] : change.drop;
}

export function stringifyChange(change: Change): string {
  return 'put' in change ? `{"put":${change.put.text}}` : JSON.stringify(change);
}
