import { VerificationError } from './errors.ts';
import { MAX_SPELLED_LENGTH, readAloud, spelledOut } from './spelling.ts';
import type { Transaction } from './terms.ts';

/**
 * A code for a payment is only good if the call says whom it goes to (PSD2 RTS Art. 5(1)(a)), so what cannot be
 * said is refused before anybody is rung.
 */
export function refuseUnsayablePayee(transaction: Transaction | undefined, speaksNames: boolean): void {
  if (!transaction) return;
  const { payee } = transaction;
  if (spelledOut(payee) || (speaksNames && readAloud(payee) !== '')) return;
  throw new VerificationError(
    'payee_not_sayable',
    speaksNames
      ? 'The payee has neither a letter nor a digit, so no call can say it'
      : `No call can spell this payee: it needs 1 to ${MAX_SPELLED_LENGTH} letters and digits of the Latin alphabet`,
    { field: '/transaction/payee' },
  );
}
