/**
 * A SIP message as a proxy sees it: a start line, header fields in the order they came, a body it does not
 * read. Values are kept as written, so that what is not understood is passed on unchanged (RFC 3261 §16.6).
 * Messages are values: a change makes a new one.
 */
export type SipMessage = SipRequest | SipResponse;

export interface SipRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

export interface SipResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

export interface Header {
  /** As written, or the long form where a compact one was written. */
  readonly name: string;
  /** The long form in lower case. */
  readonly key: string;
  readonly value: string;
}

export const EMPTY_BODY: Uint8Array = new Uint8Array(0);

/** RFC 3261 §7.3.3 and the registrations after it. */
const LONG_FORMS: Readonly<Record<string, string>> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  j: 'Reject-Contact',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
};

export function header(name: string, value: string): Header {
  const long = name.length === 1 ? (LONG_FORMS[name.toLowerCase()] ?? name) : name;
  return { name: long, key: long.toLowerCase(), value };
}

/** The first header field of that name, given in lower case. */
export function headerOf(message: SipMessage, key: string): string | undefined {
  return message.headers.find((field) => field.key === key)?.value;
}

export function headersOf(message: SipMessage, key: string): readonly string[] {
  return message.headers.filter((field) => field.key === key).map((field) => field.value);
}

/** Puts `fields` before all others; the order among different names means nothing (RFC 3261 §7.3.1). */
export function withTop<M extends SipMessage>(message: M, ...fields: readonly Header[]): M {
  return { ...message, headers: [...fields, ...message.headers] };
}

/** Takes away the first field of that name. */
export function withoutTop<M extends SipMessage>(message: M, key: string): M {
  const at = message.headers.findIndex((field) => field.key === key);
  return at < 0 ? message : { ...message, headers: message.headers.toSpliced(at, 1) };
}

export function withoutAll<M extends SipMessage>(message: M, ...keys: readonly string[]): M {
  return { ...message, headers: message.headers.filter((field) => !keys.includes(field.key)) };
}

/** Replaces the first field of that name, or adds it. */
export function withHeader<M extends SipMessage>(message: M, name: string, value: string): M {
  const field = header(name, value);
  const at = message.headers.findIndex(({ key }) => key === field.key);
  return { ...message, headers: at < 0 ? [...message.headers, field] : message.headers.with(at, field) };
}

/** Content-Length is always written afresh: in bytes, and true. */
export function serialise(message: SipMessage): Buffer {
  let head =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0\r\n`
      : `SIP/2.0 ${message.status} ${message.reason}\r\n`;
  for (const { name, key, value } of message.headers) {
    if (key !== 'content-length') head += `${name}: ${value}\r\n`;
  }
  head += `Content-Length: ${message.body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), message.body]);
}
