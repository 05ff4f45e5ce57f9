import { readParams, splitOutsideQuotes, type Params } from './header-text.ts';
import { readSipUri, userKeyOf } from './sip-uri.ts';

/** From, To, Contact, Route and Record-Route (RFC 3261 §20.10): an address with parameters of the header field. */
export interface NameAddr {
  /** As written, without angle brackets. */
  readonly uri: string;
  readonly params: Params;
}

/** Undefined where the value is not one address. */
export function readNameAddr(value: string): NameAddr | undefined {
  const parts = splitOutsideQuotes(value, ';');
  const [address, ...rest] = parts ?? [];
  if (address === undefined) return undefined;
  const open = address.startsWith('"') ? address.indexOf('<', endOfQuoted(address)) : address.indexOf('<');
  const uri = open < 0 ? address : address.slice(open + 1, address.lastIndexOf('>'));
  if (open >= 0 && !address.endsWith('>')) return undefined;
  // RFC 3261 §20.10: without brackets nobody can tell whose the `?` is (RFC 4475 §3.1.2.13).
  if (open < 0 && uri.includes('?')) return undefined;
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"]+$/.test(uri)) return undefined;
  return { uri, params: readParams(rest) };
}

function endOfQuoted(text: string): number {
  for (let at = 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

export function tagOf(value: string | undefined): string | undefined {
  return value === undefined ? undefined : readNameAddr(value)?.params.get('tag');
}

/** The user of a From or To as it is registered. */
export function userOfAddress(value: string | undefined): string | undefined {
  const uri = readSipUri(readNameAddr(value ?? '')?.uri ?? '');
  return uri && userKeyOf(uri);
}
