import { isUtf8 } from 'node:buffer';
import { splitOutsideQuotes } from './header-text.ts';
import { readNameAddr } from './name-addr.ts';
import { header, headerOf, headersOf, type Header, type SipMessage, type SipRequest } from './sip-message.ts';
import { readVia } from './via.ts';

export type ParseResult =
  | { readonly type: 'message'; readonly message: SipMessage }
  /** CRLF keep-alive (RFC 5626 §3.5.1): a ping wants a CRLF back, anything else of blanks wants nothing. */
  | { readonly type: 'keep-alive'; readonly ping: boolean }
  /** A request that can be answered: it has what a response is made of. */
  | { readonly type: 'bad-request'; readonly request: SipRequest; readonly status: 400 | 505; readonly reason: string }
  /** Nothing that an answer could be made for. */
  | { readonly type: 'garbage'; readonly reason: string };

/** Far more than any honest message has, far less than what makes a header search slow. */
const MAX_HEADERS = 200;

/**
 * Reads one message. RFC 7118 §5: one WebSocket message holds exactly one SIP message, and Content-Length may
 * be absent. Lenient in what does no harm (LF for CRLF, blank lines before the start line, compact forms,
 * folded lines), strict in what routing hangs on. Never throws.
 */
export function parseMessage(bytes: Buffer): ParseResult {
  const start = skipBlankLines(bytes);
  if (start === bytes.length) return { type: 'keep-alive', ping: start >= 4 };
  const { headEnd, bodyStart } = findBody(bytes, start);
  const head = bytes.subarray(start, headEnd);
  if (!isUtf8(head)) return { type: 'garbage', reason: 'header is not UTF-8' };
  const [startLine = '', ...lines] = unfold(head.toString('utf8'));
  const read = readHeaders(lines);
  const body = bytes.subarray(bodyStart);

  const request = /^([A-Za-z0-9.!%*_+`'~-]+) ([^\s<>"]+) SIP\/(\d+\.\d+)$/i.exec(startLine);
  if (request) {
    const [, method = '', uri = '', version] = request;
    const message: SipRequest = { kind: 'request', method, uri, headers: read.headers, body };
    if (version !== '2.0') return refuse(message, 'Version Not Supported', 505);
    const fault = read.fault ?? faultOf(message) ?? faultOfCseq(message);
    return fault === undefined ? finish(message) : refuse(message, fault);
  }
  const response = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i.exec(startLine);
  if (response) {
    const [, status, reason = ''] = response;
    const message = { kind: 'response', status: Number(status), reason, headers: read.headers, body } as const;
    const fault = read.fault ?? faultOf(message);
    return fault === undefined ? finish(message) : { type: 'garbage', reason: fault };
  }
  // A start line that is no start line can still stand over headers that can be answered (RFC 4475 §3.1.2.11 ff.).
  const [method = ''] = startLine.split(/\s/, 1);
  if (!/^[A-Z]+$/.test(method)) return { type: 'garbage', reason: 'no start line' };
  return refuse({ kind: 'request', method, uri: '', headers: read.headers, body }, 'Bad Request Line');
}

function skipBlankLines(bytes: Buffer): number {
  let start = 0;
  while (start < bytes.length && (bytes[start] === 0x0d || bytes[start] === 0x0a)) start += 1;
  return start;
}

function findBody(bytes: Buffer, start: number): { headEnd: number; bodyStart: number } {
  const strict = bytes.indexOf('\r\n\r\n', start, 'latin1');
  const bare = bytes.indexOf('\n\n', start, 'latin1');
  if (strict >= 0 && (bare < 0 || strict < bare)) return { headEnd: strict, bodyStart: strict + 4 };
  if (bare >= 0) return { headEnd: bare, bodyStart: bare + 2 };
  return { headEnd: bytes.length, bodyStart: bytes.length };
}

/** RFC 3261 §7.3.1: a line that begins with a blank goes on from the one before. */
function unfold(head: string): readonly string[] {
  return head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
}

/** A quoted pair may stand for any control character but CR and LF (RFC 3261 §25.1; RFC 4475 §3.1.1.2). */
function hasBareControl(value: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\u0000-\u0008\u000a-\u001f\u007f]/.test(value.replaceAll(/\\[^\r\n]/g, ''));
}

/** Fields that may be written as one list or as several lines; a proxy takes single values off them. */
const LISTS: ReadonlySet<string> = new Set(['via', 'route', 'record-route', 'contact']);

function readHeaders(lines: readonly string[]): { headers: Header[]; fault?: string } {
  const headers: Header[] = [];
  let fault: string | undefined;
  for (const line of lines) {
    if (line === '') continue;
    const match = /^([A-Za-z0-9.!%*_+`'~-]+)[ \t]*:[ \t]*(.*)$/s.exec(line);
    if (!match || hasBareControl(match[2] ?? '')) {
      fault ??= 'Bad Header Line';
      continue;
    }
    const field = header(match[1] ?? '', (match[2] ?? '').trimEnd());
    const values = LISTS.has(field.key) ? splitOutsideQuotes(field.value, ',') : [field.value];
    if (!values) fault ??= `Bad ${field.name}`;
    for (const value of values ?? [field.value]) headers.push({ ...field, value });
    if (headers.length > MAX_HEADERS) return { headers, fault: 'Too Many Headers' };
  }
  return fault === undefined ? { headers } : { headers, fault };
}

const SINGLE = ['From', 'To', 'Call-ID', 'CSeq'] as const;
const AT_MOST_ONCE = ['Max-Forwards', 'Content-Length', 'Content-Type', 'Expires', 'Min-Expires'] as const;

/** What a message must have so that it can be routed (RFC 3261 §8.1.1, §16.3). */
function faultOf(message: SipMessage): string | undefined {
  for (const name of SINGLE) {
    if (headersOf(message, name.toLowerCase()).length !== 1) return `${name} Missing Or Repeated`;
  }
  for (const name of AT_MOST_ONCE) {
    if (headersOf(message, name.toLowerCase()).length > 1) return `${name} Repeated`;
  }
  const vias = headersOf(message, 'via');
  if (vias.length === 0 || vias.some((via) => !readVia(via))) return 'Bad Via';
  for (const name of ['From', 'To']) {
    if (!readNameAddr(headerOf(message, name.toLowerCase()) ?? '')) return `Bad ${name}`;
  }
  for (const name of ['Contact', 'Route', 'Record-Route']) {
    const bad = headersOf(message, name.toLowerCase()).some((value) => value !== '*' && !readNameAddr(value));
    if (bad) return `Bad ${name}`;
  }
  if (!/^[^\s]+$/.test(headerOf(message, 'call-id') ?? '')) return 'Bad Call-ID';
  if (!isWithin(headerOf(message, 'max-forwards'), 255)) return 'Bad Max-Forwards';
  if (!isWithin(headerOf(message, 'expires'), 2 ** 32 - 1)) return 'Bad Expires';
  const length = headerOf(message, 'content-length');
  if (!isWithin(length, message.body.length)) return 'Bad Content-Length';
  return undefined;
}

function isWithin(digits: string | undefined, max: number): boolean {
  return digits === undefined || (/^\d{1,10}$/.test(digits) && Number(digits) <= max);
}

function faultOfCseq(request: SipRequest): string | undefined {
  const [, number, method] = /^(\d{1,10})\s+(\S+)$/.exec(headerOf(request, 'cseq') ?? '') ?? [];
  if (number === undefined || Number(number) >= 2 ** 31) return 'Bad CSeq';
  return method === request.method ? undefined : 'CSeq Method Does Not Match';
}

/** RFC 3261 §18.3: bytes beyond Content-Length are thrown away. */
function finish(message: SipMessage): ParseResult {
  const length = headerOf(message, 'content-length');
  const body = length === undefined ? message.body : message.body.subarray(0, Number(length));
  return { type: 'message', message: { ...message, body } };
}

function refuse(request: SipRequest, reason: string, status: 400 | 505 = 400): ParseResult {
  // Who speaks another version says so in its Via too (RFC 4475 §3.1.2.16); an answer takes that back as it is.
  const vias = headersOf(request, 'via').map((via) => via.replace(/^SIP\s*\/\s*\d+\.\d+/i, 'SIP/2.0'));
  const answerable =
    request.method !== 'ACK' &&
    vias.length > 0 &&
    vias.every((via) => readVia(via)) &&
    SINGLE.every((name) => headerOf(request, name.toLowerCase()) !== undefined);
  return answerable ? { type: 'bad-request', request, status, reason } : { type: 'garbage', reason };
}
