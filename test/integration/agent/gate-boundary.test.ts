import { describe, expect, it, onTestFinished } from 'vitest';
import { telephoneEventsOf } from '../../../sip-gateway/dtmf/telephone-event.ts';
import { encodeG711 } from '../../../sip-gateway/media/g711.ts';
import {
  gateDigits,
  keyByInfo,
  keyByRtp,
  openVoiceLine,
  type VoiceLine,
  type VoiceLineOptions,
} from '../../fakes/voice-line.ts';
import type { PhoneCall } from '../../fakes/test-phone.ts';
import { toneOf } from '../../support/tone-line.ts';
import { until } from '../../support/until.ts';

const CODE = '492067';
const PACKET = 160;

interface AtTheGate {
  readonly line: VoiceLine;
  readonly id: string;
  readonly call: PhoneCall;
}

async function ringAt(digits: number, options?: VoiceLineOptions): Promise<AtTheGate> {
  const line = await openVoiceLine(options);
  onTestFinished(() => line.close());
  const ringing = line.phone.nextCall();
  const id = line.place({ gateDigits: digits });
  return { line, id, call: await ringing };
}

async function isCollecting({ line, id }: AtTheGate, keys = 0): Promise<void> {
  await until(() => line.progress(id).includes(`collecting ${keys}`));
}

/** Sends audio; `at` is its RTP time. */
function play({ call }: AtTheGate, samples: readonly number[], at = 0): void {
  const audio = encodeG711(Int16Array.from(samples), 'PCMU');
  for (let time = 0; time < audio.length; time += PACKET) {
    call.media.send(call.media.stream.next(audio.subarray(time, time + PACKET), { payloadType: 0, time: at + time }));
  }
}

describe('the keys of the gate and those of the code', () => {
  it('are told apart where others came before the gate asked, and keys that are no digits between them', async () => {
    const gate = await ringAt(2);
    const { line, id, call } = gate;
    await until(() => line.progress(id).includes('answered'));
    for (let times = 0; times < 3; times++) keyByInfo(call, '0123456789*#ABCD');
    const [first, second] = await gateDigits(call, 2);
    keyByInfo(call, `A#${first}#B${second}#D${CODE}`);
    expect(await line.code(id)).toBe(CODE);
  });

  it('are one each where INFO tells of those of the gate once the code is being keyed, by RFC 4733', async () => {
    const gate = await ringAt(1);
    const { line, id, call } = gate;
    const digit = await gateDigits(gate.call);
    const code = `${digit}${digit}2067`;
    keyByRtp(call, digit);
    await isCollecting(gate);
    keyByRtp(call, code.slice(0, 5), 4_800);
    await isCollecting(gate, 5);
    keyByInfo(call, digit + code.slice(0, 5));
    keyByRtp(call, code.slice(5), 16_000);
    expect(await line.code(id)).toBe(code);
  });

  it('are not those of a key that is held from the one into the other, by RFC 4733', async () => {
    const gate = await ringAt(1);
    const { line, id, call } = gate;
    const packets = telephoneEventsOf(await gateDigits(gate.call), 2_000);
    const payloadType = call.media.negotiated?.telephoneEvent ?? 101;
    const send = (part: typeof packets): void => {
      for (const { payload, marker } of part) {
        call.media.send(call.media.stream.next(payload, { payloadType, time: 160, marker }));
      }
    };
    send(packets.slice(0, 5));
    await isCollecting(gate);
    send(packets.slice(5));
    keyByRtp(call, CODE, 32_000);
    expect(await line.code(id)).toBe(CODE);
  });

  it('are not those of a tone that sounds from the one into the other', async () => {
    const gate = await ringAt(1, { trunk: { dtmf: ['in-band'] } });
    const { line, id } = gate;
    const tone = [...toneOf(await gateDigits(gate.call), 8_000), ...new Int16Array(800)];
    const code = Array.from(CODE, (key) => [...toneOf(key, 480), ...new Int16Array(480)]).flat();
    play(gate, tone.slice(0, 1_600));
    await isCollecting(gate);
    play(gate, [...tone.slice(1_600), ...code], 1_600);
    expect(await line.code(id)).toBe(CODE);
  });
});
