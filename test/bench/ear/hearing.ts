import { createKeyEar } from '../../../sip-gateway/dtmf/key-ear.ts';
import { encodeG711 } from '../../../sip-gateway/media/g711.ts';
import type { Codec } from '../../../sip-gateway/media/media-engine.ts';
import { RtpStream } from '../../../sip-gateway/media/rtp.ts';
import { PACKET } from '../../support/tone-line.ts';
import type { HeardKey } from '../../support/tone-score.ts';

export interface Hearing {
  readonly keys: readonly HeardKey[];
  /** Of the ear, for each second of audio. */
  readonly cpuMs: number;
  readonly seconds: number;
}

/** Lets an ear of the product hear these packets of 20 ms as RTP; `undefined` is one that was lost. */
export function hear(
  packets: readonly (Int16Array | undefined)[],
  { codec, listens = 'tones' }: { readonly codec: Codec; readonly listens?: 'tones' | 'events' },
): Hearing {
  const payloadType = codec === 'PCMA' ? 8 : 0;
  const stream = new RtpStream();
  const wire = packets.map((samples, index) => {
    const payload = encodeG711(samples ?? new Int16Array(PACKET), codec);
    const packet = stream.next(payload, { payloadType, time: index * PACKET });
    return samples ? Uint8Array.from(packet) : undefined;
  });

  let at = 0;
  const keys: HeardKey[] = [];
  const ear = createKeyEar({
    dtmf: listens === 'tones' ? ['in-band'] : ['rfc4733'],
    onKey: (key) => keys.push({ key, at }),
    onPacketsNeeded: () => {},
    now: () => at / 8,
  });
  ear.open({ codec, payloadType });
  const before = process.cpuUsage();
  for (const packet of wire) {
    if (packet) ear.packet(packet);
    at += PACKET;
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (packets.length * PACKET) / 8000;
  return { keys, cpuMs: (user + system) / 1000 / seconds, seconds };
}
