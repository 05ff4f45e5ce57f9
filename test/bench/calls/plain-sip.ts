/** As much of SIP as a phone end needs that only our own agent talks to: no parser, no transactions, no proxy. */
export function headerOf(message: string, name: string): string {
  return new RegExp(`^${name}: *(.*)$`, 'im').exec(message)?.[1]?.trim() ?? '';
}

export function methodOf(message: string): string {
  return message.slice(0, message.indexOf(' '));
}

export function bodyOf(message: string): string {
  return message.slice(message.indexOf('\r\n\r\n') + 4);
}

export interface ReplyParts {
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** RFC 3261 §8.2.6: a response is made from its request. */
export function reply(request: string, status: string, { headers = [], body = '' }: ReplyParts = {}): string {
  const copied = request.split('\r\n').filter((line) => /^(via|from|call-id|cseq|record-route):/i.test(line));
  return [
    `SIP/2.0 ${status}`,
    ...copied,
    `To: ${taggedTo(request)}`,
    ...headers,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** A request of the called side within the call that this INVITE began. */
export function requestWithin(invite: string, method: string, { cseq, body }: { cseq: number; body: string }): string {
  const target = /<([^>]+)>/.exec(headerOf(invite, 'Contact'))?.[1] ?? '';
  const callId = headerOf(invite, 'Call-ID');
  return [
    `${method} ${target} SIP/2.0`,
    `Via: SIP/2.0/WS phone.invalid;branch=z9hG4bK${callId}${cseq}`,
    'Max-Forwards: 70',
    `From: ${taggedTo(invite)}`,
    `To: ${headerOf(invite, 'From')}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    'Content-Type: application/dtmf-relay',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

function taggedTo(request: string): string {
  const to = headerOf(request, 'To');
  return to.includes(';tag=') ? to : `${to};tag=phone`;
}
