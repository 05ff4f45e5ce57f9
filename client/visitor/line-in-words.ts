import type { VerificationView } from '../../server/http/contract.ts';
import { displayNumber } from '../number/destination.ts';
import type { Words } from '../words/en.ts';

/** What is verified, as people write it: the number, and the extension behind a switchboard. */
export function lineInWords({ to, extension }: VerificationView, { call }: Words): string {
  const number = displayNumber(to);
  return extension === undefined ? number : call.withExtension(number, extension);
}
