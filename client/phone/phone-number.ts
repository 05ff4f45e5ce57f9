import { readDestination } from '../number/destination.ts';

/**
 * The user part of a SIP address for what a tester typed: `+1 202 555 0123` becomes `+12025550123`, an extension or
 * a name stays as it is, of a whole SIP address the part before the @ is taken. Undefined: there is no such user.
 */
export function sipUserOf(typed: string): string | undefined {
  const destination = readDestination(typed, 'US');
  const text = 'to' in destination ? destination.to : typed.replace(/[\s().-]/g, '');
  const user = text.replace(/^sips?:/i, '').replace(/@.*$/, '');
  // RFC 3261 §25.1, `user`, without what would need escaping.
  return /^[\w+*#.!~'()&=$,;?/-]+$/.test(user) ? user.replaceAll('#', '%23') : undefined;
}
