import { VerificationError } from './errors.ts';

/**
 * The strict little part of RFC 3261 §19.1 that we dial: a user and a host. Whatever passes goes into a SIP
 * message as it is, so there is no password, no parameter, no header and no escape in it.
 */
const STRICT_SIP_URI = /^sip:(?<user>[a-z0-9_.+-]{1,64})@(?<domain>[a-z0-9.-]{1,253}(?::\d{1,5})?)$/i;

export function isSipUri(typed: string): boolean {
  return /^\s*sips?:/i.test(typed);
}

/** @throws VerificationError `invalid_number` or `number_not_allowed`. */
export function normaliseSipUri(typed: string, allowedDomains: ReadonlySet<string>): string {
  const { user, domain } = STRICT_SIP_URI.exec(typed)?.groups ?? {};
  if (user === undefined || domain === undefined) {
    throw new VerificationError(
      'invalid_number',
      'Expected a SIP URI of a user and a domain only, such as sip:desk@pbx.example, got another form',
      { field: '/to' },
    );
  }
  const host = domain.toLowerCase();
  if (!allowedDomains.has(host)) {
    throw new VerificationError('number_not_allowed', 'SIP addresses of this domain are not called', { field: '/to' });
  }
  return `sip:${user}@${host}`;
}
