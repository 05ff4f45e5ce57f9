import type { Verification } from '../verification/verification.ts';

/** Signs statements that others can check without asking us. */
export interface ReceiptIssuer {
  /** The JWS of a verified verification, in its compact form. */
  issue(verification: Verification): Promise<string>;
  /** A JWK set (RFC 7517 §5): the keys that are signed with, and those that were until lately. */
  publicKeys(): Promise<{ readonly keys: readonly object[] }>;
}

export async function withReceipt<View extends object>(
  view: View,
  verification: Verification,
  receipts: ReceiptIssuer | undefined,
): Promise<View & { receipt?: string }> {
  // Whoever holds the phone has said since that nobody there asked for the call.
  if (!receipts || verification.status !== 'verified' || verification.reportedAt !== undefined) return view;
  return { ...view, receipt: await receipts.issue(verification) };
}
