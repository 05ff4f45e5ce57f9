/** Just enough of RFC 3261 for a telephone on loopback: no folding, no compact names, UDP only. */
export interface SipMessage {
  /** Set on requests. */
  readonly method?: string;
  readonly requestUri?: string;
  /** Set on responses. */
  readonly status?: number;
  /** In the order of the wire; names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export function parseSip(datagram: string): SipMessage | undefined {
  const [head = '', ...rest] = datagram.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  const body = rest.join('\r\n\r\n');
  const response = /^SIP\/2\.0 (\d{3})/.exec(first);
  if (response !== null) return { status: Number(response[1]), headers, body };
  const request = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(first);
  if (request === null) return undefined;
  return { method: request[1] ?? '', requestUri: request[2] ?? '', headers, body };
}

export function header(message: SipMessage, name: string): string {
  return all(message, name)[0] ?? '';
}

export function all(message: SipMessage, name: string): readonly string[] {
  return message.headers.filter(([key]) => key === name).map(([, value]) => value);
}

export function sequence(message: SipMessage): { readonly number: number; readonly method: string } {
  const [number = '0', method = ''] = header(message, 'cseq').split(' ');
  return { number: Number(number), method };
}

export interface ResponseParts {
  readonly status: number;
  readonly reason: string;
  readonly toTag: string;
  readonly contact?: string;
  readonly sdp?: string;
}

/** RFC 3261 §8.2.6: Via, From, To, Call-ID, CSeq and Record-Route come back as they came. */
export function responseTo(request: SipMessage, parts: ResponseParts): string {
  const to = header(request, 'to');
  const lines = [
    `SIP/2.0 ${parts.status} ${parts.reason}`,
    ...all(request, 'via').map((via) => `Via: ${via}`),
    ...all(request, 'record-route').map((route) => `Record-Route: ${route}`),
    `From: ${header(request, 'from')}`,
    `To: ${parts.status === 100 || to.includes(';tag=') ? to : `${to};tag=${parts.toTag}`}`,
    `Call-ID: ${header(request, 'call-id')}`,
    `CSeq: ${header(request, 'cseq')}`,
    ...(parts.contact === undefined ? [] : [`Contact: <${parts.contact}>`]),
  ];
  return withBody(lines, parts.sdp === undefined ? undefined : { type: 'application/sdp', text: parts.sdp });
}

export function withBody(lines: readonly string[], body?: { readonly type: string; readonly text: string }): string {
  const text = body?.text ?? '';
  const head = [...lines, ...(body === undefined ? [] : [`Content-Type: ${body.type}`])];
  return `${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** `sip:a@b;lr` of `"Name" <sip:a@b;lr>;tag=1`. */
export function uriOf(nameAddr: string): string {
  return /<([^>]+)>/.exec(nameAddr)?.[1] ?? nameAddr.split(';')[0] ?? '';
}
