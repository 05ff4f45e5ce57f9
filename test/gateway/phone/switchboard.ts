import type { PhoneCall } from './phone-call.ts';
import type { ReceivedPacket, RtpLine } from './rtp-line.ts';

/** RFC 4733 §3.2, table 3. */
const KEYS = '0123456789*#ABCD';
const EVENT_TYPE = 101;

/**
 * A company's switchboard on one call: it answers, plays its menu and waits for an extension that ends with #; the test
 * says who comes to the phone then. Written apart from the product: plain SIP over UDP, its own reading of INFO and
 * RFC 4733.
 */
export class Switchboard {
  /** For who is put through. */
  readonly line: RtpLine;
  /** What was keyed, up to #. */
  readonly keyed: Promise<string>;

  private constructor(call: PhoneCall, line: RtpLine, telephoneEvent: boolean) {
    this.line = line;
    this.keyed = telephoneEvent ? keysByEvents(line) : keysByInfo(call);
  }

  /** Without telephone-event it understands INFO only. */
  static async answer(call: PhoneCall, { telephoneEvent }: { readonly telephoneEvent: boolean }): Promise<Switchboard> {
    call.ring();
    const line = await call.answer({ telephoneEvent });
    // Menus play tones of their own; nobody may take one for the key of a person.
    line.tone('5', 0);
    const switchboard = new Switchboard(call, line, telephoneEvent);
    await call.confirmed;
    return switchboard;
  }
}

/** A press is all packets of one timestamp; the three end packets may not count it again. */
async function keysByEvents(line: RtpLine): Promise<string> {
  return new Promise((resolve) => {
    let keys = '';
    let last: number | undefined;
    line.onPacket = ({ payloadType, timestamp, payload }: ReceivedPacket) => {
      if (payloadType !== EVENT_TYPE || timestamp === last) return;
      last = timestamp;
      keys += KEYS[payload[0] ?? 0] ?? '';
      if (keys.endsWith('#')) resolve(keys);
    };
  });
}

async function keysByInfo(call: PhoneCall): Promise<string> {
  for (;;) {
    const signals = call.requests.map(({ method, body }) => (method === 'INFO' ? /^Signal=(.)/m.exec(body)?.[1] : ''));
    const keys = signals.join('');
    if (keys.endsWith('#') || call.over) return keys;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
