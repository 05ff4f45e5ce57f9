import { readParams, type Params } from './header-text.ts';

export interface SipUri {
  readonly scheme: 'sip' | 'sips' | 'tel';
  /** Percent-decoded; empty where the URI has none. */
  readonly user: string;
  /** In lower case; empty for `tel:`. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
}

const SIP_URI =
  /^(sips?):(?:([^@\s<>"]+)@)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?((?:;[^;?\s<>"]*)*)(?:\?[^\s<>]*)?$/i;
const TEL_URI = /^tel:([^;\s<>"]+)((?:;[^;\s<>"]*)*)$/i;

/** Undefined for another scheme and for what is not a URI. */
export function readSipUri(text: string): SipUri | undefined {
  const sip = SIP_URI.exec(text);
  if (sip) {
    const [, scheme = '', userInfo = '', host = '', port, params = ''] = sip;
    const user = decodeUser(userInfo);
    if (user === undefined || Number(port) > 65_535) return undefined;
    return {
      scheme: scheme.toLowerCase() === 'sips' ? 'sips' : 'sip',
      user,
      host: host.toLowerCase(),
      port: port === undefined ? undefined : Number(port),
      params: readParams(params.split(';')),
    };
  }
  const tel = TEL_URI.exec(text);
  if (!tel) return undefined;
  const [, number = '', params = ''] = tel;
  const user = decodeUser(number);
  return user === undefined
    ? undefined
    : { scheme: 'tel', user, host: '', port: undefined, params: readParams(params.split(';')) };
}

/** Without the password and without the parameters of a telephone-subscriber (RFC 3261 §19.1.6). */
function decodeUser(userInfo: string): string | undefined {
  const bare = userInfo.replace(/[:;].*$/s, '');
  try {
    return decodeURIComponent(bare);
  } catch {
    return undefined;
  }
}

/**
 * The name under which a user is registered and found. A number is the same with and without visual
 * separators, `+` percent-encoded or not, `;user=phone` or not, `tel:` or `sip:` (RFC 3966 §5.1.1).
 */
export function userKeyOf(uri: SipUri): string {
  return /^\+?[0-9*#][0-9*#().\- ]*$/.test(uri.user) ? uri.user.replace(/[().\- ]/g, '') : uri.user;
}

/** True for the same element at the same place (a small part of RFC 3261 §19.1.4: parameters do not matter here). */
export function isSameContact(a: string, b: string): boolean {
  const left = readSipUri(a);
  const right = readSipUri(b);
  if (!left || !right) return a === b;
  return left.user === right.user && left.host === right.host && left.port === right.port;
}
