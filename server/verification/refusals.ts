import { VerificationError } from './errors.ts';
import { isAwaited, isFinal, type Verification } from './verification.ts';

export function refuseFinal({ status }: Verification): void {
  if (isFinal(status)) throw new VerificationError('verification_closed', `The verification is over: ${status}`);
}

export function refuseTyping(current: Verification): void {
  refuseFinal(current);
  if (current.method !== 'spoken') {
    throw new VerificationError('code_not_typed_here', 'This code is to be keyed on the phone');
  }
}

export function refuseInCall(current: Verification): void {
  refuseFinal(current);
  if (current.call.state !== 'ended' && !isAwaited(current)) {
    throw new VerificationError('call_in_progress', 'The last call has not ended yet');
  }
}
