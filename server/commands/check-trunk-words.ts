import type { KeyWay } from '../telephony/messages.ts';
import type { TrunkTest } from '../../sip-gateway/trunks/trunk-test-types.ts';

/** What the voice asks for. */
const ASKED = '123';
const WAYS: Readonly<Record<KeyWay, string>> = {
  info: 'by SIP INFO',
  rfc4733: 'by RFC 4733',
  'in-band': 'as tones in the audio',
};
const ORDER = ['info', 'rfc4733', 'in-band'] as const;

export interface TrunkVerdict {
  /** A verification over this trunk would work. */
  readonly works: boolean;
  readonly lines: readonly string[];
}

/** A trunk's test in plain words, with what to set. */
export function trunkVerdict(test: TrunkTest): TrunkVerdict {
  const { status } = test;
  if (!status.ready) {
    const what = status.reason === 'trunk-refused' ? 'The trunk refuses us' : 'The trunk cannot be reached';
    return { works: false, lines: [`${what}: ${status.detail}. No call was placed.`] };
  }
  if (test.answerMs === undefined) return { works: false, lines: ['The trunk takes us.', notAnswered(test)] };
  const both = audioBothWays(test);
  const heard = ORDER.filter((way) => test.keys[way] !== '');
  const lines = ['The trunk takes us.', speed(test), audio(test), ...(test.echo ? [ECHO] : []), keyWords(test, heard)];
  const works = both && heard.some((way) => test.keys[way] === ASKED);
  return { works, lines: [...lines, ...advice(test, heard)] };
}

const ECHO = 'Our own voice came back: there is an echo on this line.';

function notAnswered({ outcome, sipStatus }: TrunkTest): string {
  const status = sipStatus === undefined ? '' : ` (SIP ${sipStatus})`;
  return `The call was not answered: ${outcome ?? 'unknown'}${status}. Nothing is known of audio and keys.`;
}

function speed({ ringingMs, answerMs, mediaMs }: TrunkTest): string {
  const rang = ringingMs === undefined ? 'It was not said to ring' : `It rang after ${seconds(ringingMs)}`;
  const flow = mediaMs === undefined ? 'audio never began to flow' : `the media path was up ${seconds(mediaMs)} later`;
  return `${rang}, was answered after ${seconds(answerMs ?? 0)}, and ${flow}.`;
}

function audioBothWays({ sentPackets, received }: TrunkTest): boolean {
  return sentPackets > 0 && received.packets > 0;
}

function audio(test: TrunkTest): string {
  const { sentPackets, codec, received } = test;
  const { packets, lost, jitterMs, hasSound } = received;
  if (packets === 0) return `No audio came back: ${sentPackets} packets were sent, none arrived.`;
  const sound = hasSound ? '' : ' What came was silence.';
  return `Audio flowed both ways (${codec ?? 'no codec'}): ${sentPackets} packets sent, ${packets} received, ${lost} lost, jitter ${jitterMs} ms.${sound}`;
}

function keyWords({ keys, infoTypes }: TrunkTest, heard: readonly KeyWay[]): string {
  if (heard.length === 0) return 'No key arrived, in none of the three ways.';
  const ways = heard.map((way) => {
    const form = way === 'info' && infoTypes.length > 0 ? ` (${infoTypes.join(', ')})` : '';
    const whole = keys[way] === ASKED ? 'all three' : `${keys[way].length} instead of 3`;
    return `${WAYS[way]}${form}: ${whole}`;
  });
  return `Keys arrived ${ways.join('; ')}.`;
}

/** The best single way, since one that is not needed costs. */
function advice({ keys }: TrunkTest, heard: readonly KeyWay[]): readonly string[] {
  const best = heard.find((way) => keys[way] === ASKED);
  if (best !== undefined) return [`Set dtmf of this trunk to ["${best}"] (RINGPROOF_DTMF=${best}).`];
  if (heard.length > 0) return ['No way told of 1, 2, 3 as they were asked for: try again, and press each key once.'];
  return ['Were keys pressed? If so, the gateway passes them on in no way that can be heard.'];
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
