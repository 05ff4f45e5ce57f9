/**
 * Where a number is called: the Request-URI of the INVITE. The domain is our own address of record's, since that
 * is whom the trunk serves.
 *
 * `+12025550123` is a telephone number (RFC 3261 §19.1.1, user=phone), `sip:desk@pbx.example` is called as it
 * is, and `1001` is an extension of the domain. Undefined for anything else.
 */
export function destinationOf(to: string, ownUri: string): string | undefined {
  if (/^sips?:\S+$/i.test(to)) return to;
  const domain = domainOf(ownUri);
  if (domain === undefined) return undefined;
  if (/^\+\d{2,15}$/.test(to)) return `sip:${to}@${domain};user=phone`;
  if (/^[\w.*#-]+$/.test(to)) return `sip:${encodeURIComponent(to)}@${domain}`;
  return undefined;
}

/** `pbx.example:5080` of `sip:ringproof@pbx.example:5080;transport=ws`. */
function domainOf(uri: string): string | undefined {
  return /^sips?:(?:[^@]*@)?([^;?@]+)/i.exec(uri)?.[1];
}
