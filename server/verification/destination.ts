/** Pauses reach nobody else. */
const PAUSES = /[,w]/g;

/**
 * Whom a verification reaches: a number, and on a company line the extension behind it, written as RFC 3966 §5.3 does.
 * Verifications are one to one with these; calls are counted by the number alone.
 */
export function destinationOf({ to, extension }: { readonly to: string; readonly extension?: string }): string {
  return extension === undefined ? to : `${to};ext=${extension.replaceAll(PAUSES, '')}`;
}
