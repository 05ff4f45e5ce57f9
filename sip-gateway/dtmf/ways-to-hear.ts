import type { KeyWay, TrunkConfig } from '../../server/telephony/messages.ts';

/** What a call has shown so far of how its keys come. */
export interface Shown {
  /** RFC 4733 is in the SDP of both sides. */
  readonly telephoneEvent: boolean;
  /** The ways in which keys were told, in the order of their first one. */
  readonly told: readonly KeyWay[];
  /** A key was waited for, and none came. */
  readonly inVain: boolean;
}

/** The ways to listen to now; docs/adr/0012 has the table and its reasons. */
export function waysToHear(dtmf: TrunkConfig['dtmf'], { telephoneEvent, told, inVain }: Shown): readonly KeyWay[] {
  const toldBeside = told.some((way) => way !== 'in-band');
  if (dtmf !== 'auto') return toldBeside ? dtmf.filter((way) => way !== 'in-band') : dtmf;
  const ways: KeyWay[] = ['info'];
  if (telephoneEvent && told[0] !== 'info') ways.push('rfc4733');
  const tonesShow = !telephoneEvent || inVain || told.includes('in-band');
  if (tonesShow && !toldBeside) ways.push('in-band');
  return ways;
}
