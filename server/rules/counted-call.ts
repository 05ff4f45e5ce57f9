import type { KeyedHash } from '../verification/keyed-hash.ts';
import { callingCodeOf, numberKindOf, type NumberKind } from '../verification/number-kind.ts';
import type { CallAttempt } from '../verification/ports.ts';
import { addressKey } from './address-key.ts';
import type { RateDeck, Rate } from './rate-deck.ts';

/** A call that is asked for, with the keys that it is counted under: hashes, so that a file of counts tells no number. */
export interface CountedCall {
  readonly callId: string;
  readonly to: string;
  readonly kind: NumberKind;
  readonly number: string;
  /** What it was counted under while a SIP address in capitals was another number; absent where it is the same. */
  readonly formerNumber?: string;
  /** The number without its last four digits: the block in which fraud rents its numbers. */
  readonly range?: string;
  readonly address?: string;
  readonly user?: string;
  /** The relying party's name. */
  readonly party: string;
  /** A prefix of the rate deck, or the country's calling code. */
  readonly destination?: string;
  readonly rate?: Rate;
  readonly replaces?: string;
  readonly awaited: boolean;
  readonly now: number;
}

export interface CountKeys {
  readonly hash: KeyedHash;
  readonly deck: RateDeck | undefined;
}

const LAST_DIGITS = 4;

export function countedCall(
  { callId, relyingParty, to, kind, address, user, replaces, awaited }: CallAttempt,
  { now, hash, deck }: CountKeys & { readonly now: number },
): CountedCall {
  const rate = deck?.rateOf(to);
  return {
    callId,
    to,
    kind: kind ?? numberKindOf(to),
    ...numberKeys(hash, to),
    ...groupOf(to, rate, hash),
    ...(address !== undefined && { address: hash.subject('address', addressKey(address)) }),
    ...(user !== undefined && { user }),
    party: relyingParty,
    ...(rate && { rate }),
    ...(replaces !== undefined && { replaces }),
    awaited: awaited ?? false,
    now,
  };
}

/**
 * The key under which everything is counted that is about a number. Most switches take the user of a SIP address in
 * capitals for the same: whoever writes it in another way must not begin anew.
 */
export function numberSubject(hash: KeyedHash, to: string): string {
  return hash.subject('number', to.toLowerCase());
}

/** With the key that an older version has put a number on the do-not-call list under. */
export function numberKeys(hash: KeyedHash, to: string): Pick<CountedCall, 'number' | 'formerNumber'> {
  const number = numberSubject(hash, to);
  return to === to.toLowerCase() ? { number } : { number, formerNumber: hash.subject('number', to) };
}

/** The range and the destination that calls to a number are counted with. */
export function countedGroup(to: string, { hash, deck }: CountKeys): Pick<CountedCall, 'range' | 'destination'> {
  return groupOf(to, deck?.rateOf(to), hash);
}

function groupOf(to: string, rate: Rate | undefined, hash: KeyedHash): Pick<CountedCall, 'range' | 'destination'> {
  const range = rangeOf(to);
  const destination = rate?.prefix ?? callingCodeOf(to);
  return {
    ...(range !== undefined && { range: hash.subject('range', range) }),
    ...(destination !== undefined && { destination }),
  };
}

/** Undefined for what is not a number of the telephone network. */
export function rangeOf(to: string): string | undefined {
  return to.startsWith('+') ? to.slice(0, -LAST_DIGITS) : undefined;
}
