import { randomBytes } from 'node:crypto';
import type { OwnAnswer, OwnStatus } from './incoming.ts';
import { tagOf } from './name-addr.ts';
import { EMPTY_BODY, header, type Header, type SipRequest, type SipResponse } from './sip-message.ts';

const REASONS: Readonly<Record<OwnStatus, string>> = {
  100: 'Trying',
  180: 'Ringing',
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  422: 'Session Interval Too Small',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  486: 'Busy Here',
  487: 'Request Terminated',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
  505: 'Version Not Supported',
  603: 'Decline',
};

const COPIED: ReadonlySet<string> = new Set(['via', 'from', 'call-id', 'cseq']);

/** A response of our own (RFC 3261 §8.2.6): Via, From, Call-ID and CSeq copied, a To tag added. */
export function replyTo(request: SipRequest, { status, reason, headers = [] }: OwnAnswer): SipResponse {
  const fields: Header[] = [];
  for (const field of request.headers) {
    if (COPIED.has(field.key)) fields.push(field);
    else if (field.key === 'to') fields.push(status === 100 ? field : { ...field, value: tagged(field.value) });
  }
  fields.push(...headers, header('Server', 'Ringproof'));
  return { kind: 'response', status, reason: reason ?? REASONS[status], headers: fields, body: EMPTY_BODY };
}

function tagged(to: string): string {
  return tagOf(to) === undefined ? `${to};tag=${randomBytes(6).toString('hex')}` : to;
}
