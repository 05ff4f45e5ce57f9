import { parseMessage } from '../../../../sip-gateway/proxy/parse-message.ts';
import type { SipRequest, SipResponse } from '../../../../sip-gateway/proxy/sip-message.ts';

export const INVITE_LINES = [
  'INVITE sip:bob@ringproof.local SIP/2.0',
  'Via: SIP/2.0/WS alice.invalid;branch=z9hG4bK1',
  'Max-Forwards: 70',
  'From: "Alice" <sip:alice@ringproof.local>;tag=a',
  'To: <sip:bob@ringproof.local>',
  'Call-ID: call-1',
  'CSeq: 1 INVITE',
  'Contact: <sip:alice@alice.invalid;transport=ws>',
  'Content-Type: application/sdp',
] as const;

/** A message out of lines; Content-Length only where a line says so. */
export function text(lines: readonly string[], body = ''): Buffer {
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** INVITE_LINES with lines replaced by header name, or added. */
export function inviteWith(changes: Readonly<Record<string, string | undefined>>, body = ''): Buffer {
  const lines: string[] = [...INVITE_LINES];
  for (const [name, value] of Object.entries(changes)) {
    const at = lines.findIndex((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    const replacement = value === undefined ? [] : [`${name}: ${value}`];
    if (at < 0) lines.push(...replacement);
    else lines.splice(at, 1, ...replacement);
  }
  return text(lines, body);
}

export function readRequest(bytes: Buffer): SipRequest {
  const result = parseMessage(bytes);
  if (result.type !== 'message' || result.message.kind !== 'request') throw new Error(`not a request: ${result.type}`);
  return result.message;
}

export function readResponse(bytes: Uint8Array): SipResponse {
  const result = parseMessage(Buffer.from(bytes));
  if (result.type !== 'message' || result.message.kind !== 'response') throw new Error(`no response: ${result.type}`);
  return result.message;
}

export function registerRequest(
  contacts: readonly string[],
  options: { callId?: string; cseq?: number; expires?: number } = {},
): SipRequest {
  const { callId = 'reg-1', cseq = 1, expires } = options;
  return readRequest(
    text([
      'REGISTER sip:ringproof.local SIP/2.0',
      `Via: SIP/2.0/WS bob.invalid;branch=z9hG4bK${cseq}`,
      'From: <sip:bob@ringproof.local>;tag=b',
      'To: <sip:bob@ringproof.local>',
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} REGISTER`,
      ...contacts.map((contact) => `Contact: ${contact}`),
      ...(expires === undefined ? [] : [`Expires: ${expires}`]),
    ]),
  );
}
