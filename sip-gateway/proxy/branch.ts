import { createHash, randomBytes } from 'node:crypto';
import { headerOf, headersOf, type SipMessage, type SipRequest } from './sip-message.ts';
import { readVia } from './via.ts';

const MAGIC = 'z9hG4bK';

/** Unique, and carries what a request was when it passed here, so that one that comes again unchanged is seen (RFC 3261 §16.6 step 8). */
export function makeBranch(request: SipRequest): string {
  return `${MAGIC}${randomBytes(9).toString('hex')}.${fingerprintOf(request)}`;
}

export function topBranchOf(message: SipMessage): string | undefined {
  const via = headerOf(message, 'via');
  return via === undefined ? undefined : readVia(via)?.branch;
}

/** RFC 3261 §16.3 step 4: it has been here, and nothing that routing depends on has changed since. */
export function isLooping(request: SipRequest, sentBy: string): boolean {
  const own = headersOf(request, 'via')
    .map(readVia)
    .filter((via) => via?.sentBy === sentBy);
  if (own.length === 0) return false;
  const fingerprint = fingerprintOf(request);
  return own.some((via) => via?.branch?.endsWith(`.${fingerprint}`));
}

/** Max-Forwards and Via change with each hop and are left out. */
function fingerprintOf(request: SipRequest): string {
  const parts = [
    request.method,
    request.uri,
    headerOf(request, 'call-id'),
    headerOf(request, 'cseq'),
    headerOf(request, 'from'),
    headerOf(request, 'to'),
    ...headersOf(request, 'route'),
  ];
  return createHash('sha1').update(parts.join('\n')).digest('hex').slice(0, 16);
}

/** RFC 3261 §17.2.3: ACK and CANCEL carry the branch of their INVITE. */
export function serverKeyOf(flowId: string, request: SipRequest): string | undefined {
  const via = readVia(headerOf(request, 'via') ?? '');
  // The mark alone tells no transaction from another (RFC 4475 §3.2.1).
  if (!via?.branch?.startsWith(MAGIC) || via.branch === MAGIC) return undefined;
  const method = request.method === 'ACK' || request.method === 'CANCEL' ? 'INVITE' : request.method;
  return `${flowId} ${via.branch} ${via.sentBy} ${method}`;
}
