/**
 * Codes have at least six digits, telephone numbers more; a port has at most five and a SIP status three. So a
 * run of six digits or more is something that a log must not keep, unless it is part of a UUID.
 */
const UUID_OR_LONG_DIGITS = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|\+?\d{6,}/gi;

export function withoutDigits(text: string): string {
  return text.replaceAll(UUID_OR_LONG_DIGITS, (match) => (match.includes('-') ? match : '[digits]'));
}
