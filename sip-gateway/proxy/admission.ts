import type { IncomingMessage } from 'node:http';

export interface AdmissionPolicy {
  /** True: from anywhere. False: loopback addresses that came to a loopback name, directly. */
  readonly open: boolean;
  /** Further origins of web pages, such as `https://phone.example.com`. */
  readonly origins: readonly string[];
}

export interface Refusal {
  readonly status: 400 | 403 | 503;
  readonly reason: string;
}

/** Whether a WebSocket may be opened; before a byte of SIP is read. */
export function refusalOf(request: IncomingMessage, policy: AdmissionPolicy): Refusal | undefined {
  const { headers, socket } = request;
  if (!policy.open) {
    // A page of a stranger that had its own name resolved to 127.0.0.1 comes from here too, but not to our name;
    // so does whoever comes through a reverse proxy.
    const isDirect = headers['x-forwarded-for'] === undefined && headers.forwarded === undefined;
    if (!isLoopback(socket.remoteAddress ?? '') || !isDirect || !isLoopbackName(hostnameOf(headers.host))) {
      return { status: 403, reason: 'this SIP proxy serves its own machine only' };
    }
  }
  if (!isOriginAllowed(headers.origin, headers.host, policy.origins)) {
    return { status: 403, reason: 'this origin may not use the SIP proxy' };
  }
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  // RFC 7118 §4: without it the two sides have not agreed to speak SIP.
  if (!protocols.includes('sip')) return { status: 400, reason: 'the WebSocket sub-protocol must be sip' };
  return undefined;
}

/** Browsers always send an Origin; other programs need none. */
function isOriginAllowed(origin: string | undefined, host: string | undefined, listed: readonly string[]): boolean {
  if (origin === undefined || listed.includes(origin)) return true;
  try {
    return new URL(origin).host === host?.toLowerCase();
  } catch {
    return false;
  }
}

function hostnameOf(host: string | undefined): string {
  try {
    return new URL(`http://${host ?? ''}`).hostname;
  } catch {
    return '';
  }
}

function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/i.test(address);
}
