import { readParams, splitOutsideQuotes } from './header-text.ts';

export interface Via {
  readonly sentBy: string;
  readonly branch: string | undefined;
}

/** Undefined where it is no Via. */
export function readVia(value: string): Via | undefined {
  const [head, ...rest] = splitOutsideQuotes(value, ';') ?? [];
  const [, sentBy] = /^SIP\s*\/\s*2\.0\s*\/\s*[A-Za-z0-9.!%*_+`'~-]+\s+(\S+(?:\s*:\s*\d+)?)$/i.exec(head ?? '') ?? [];
  if (sentBy === undefined) return undefined;
  return { sentBy: sentBy.toLowerCase(), branch: readParams(rest).get('branch') };
}

/**
 * Notes where a request really came from (RFC 3261 §18.2.1, RFC 3581 §4). Answers go back on the connection
 * whatever it says (RFC 7118 §5.3), so only what stands there in plain is filled in.
 */
export function viaWithSource(value: string, source: { readonly address: string; readonly port: number }): string {
  const rport = /;\s*rport(?=\s*(?:;|$))/i.test(value)
    ? value.replace(/;\s*rport(?=\s*(?:;|$))/i, `;rport=${source.port}`)
    : value;
  return /;\s*received\s*=/i.test(rport) ? rport : `${rport};received=${source.address}`;
}
