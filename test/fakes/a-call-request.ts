import type { CallRequest } from '../../server/verification/ports.ts';

export function aCallRequest(fields: Partial<CallRequest> = {}): CallRequest {
  return { id: 'call_1', to: '+12025550123', method: 'keypad', locale: 'en', codeLength: 6, gateDigits: 1, ...fields };
}
