import { describe, expect, it } from 'vitest';
import { encodeG711 } from '../../../sip-gateway/media/g711.ts';
import { RtpStream } from '../../../sip-gateway/media/rtp.ts';
import { StreamMeter } from '../../../sip-gateway/trunks/stream-figures.ts';
import { toneOf } from '../../support/tone-line.ts';

const AUDIO = { codec: 'PCMU', payloadType: 0 } as const;
const SILENCE = new Uint8Array(160).fill(0xff);

/** So many packets of 20 ms, of which some are lost and some late; milliseconds. */
function measured(count: number, { lost = [], late = {}, payload = SILENCE }: Line = {}) {
  const meter = new StreamMeter();
  const stream = new RtpStream();
  for (let index = 0; index < count; index += 1) {
    const packet = stream.next(payload, { payloadType: 0, time: index * 160 });
    if (!lost.includes(index)) meter.packet(packet, AUDIO, index * 20 + (late[index] ?? 0));
  }
  return meter.figures;
}

interface Line {
  readonly lost?: readonly number[];
  readonly late?: Readonly<Record<number, number>>;
  readonly payload?: Uint8Array;
}

describe('the figures of a received stream', () => {
  it('are nothing where nothing came', () => {
    expect(new StreamMeter().figures).toEqual({ packets: 0, lost: 0, jitterMs: 0, hasSound: false });
  });

  it('count what came and what is missing, also where the sequence numbers begin anew', () => {
    expect(measured(70_000, { lost: [3, 4, 65_000] })).toMatchObject({ packets: 69_997, lost: 3 });
  });

  it('have no jitter in an even stream, and some in an uneven one', () => {
    expect(measured(50).jitterMs).toBe(0);
    expect(measured(3, { late: { 1: 16 } }).jitterMs).toBeCloseTo(1 - 1 / 16 + 1, 1);
  });

  it('tell sound from silence', () => {
    expect(measured(5).hasSound).toBe(false);
    expect(measured(5, { payload: encodeG711(toneOf('5', 160), 'PCMU') }).hasSound).toBe(true);
  });

  it('miss no packet where a key is told in place of the audio (RFC 4733)', () => {
    const meter = new StreamMeter();
    const stream = new RtpStream();
    for (const payloadType of [0, 101, 101, 0]) {
      meter.packet(stream.next(SILENCE, { payloadType, time: 0 }), { ...AUDIO, telephoneEvent: 101 }, 0);
    }
    expect(meter.figures).toMatchObject({ packets: 4, lost: 0, hasSound: false });
  });

  it('leave out what is not audio of the call', () => {
    const meter = new StreamMeter();
    meter.packet(new RtpStream().next(SILENCE, { payloadType: 101, time: 0 }), AUDIO, 0);
    meter.packet(Uint8Array.of(1, 2, 3), AUDIO, 0);
    expect(meter.figures.packets).toBe(0);
  });
});
