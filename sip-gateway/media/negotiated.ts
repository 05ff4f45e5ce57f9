import { readAudio } from '../sip/sdp.ts';
import type { Codec } from './media-engine.ts';

/** What both sides of a call speak. */
export interface NegotiatedAudio {
  readonly codec: Codec;
  readonly payloadType: number;
  /** Payload type of RFC 4733 telephone-event; absent where the other side has none. */
  readonly telephoneEvent?: number;
}

/**
 * The codec to send with, by the other side's description: its first that we have (RFC 3264 §7). Undefined when
 * there is none, or no audio at all.
 */
export function negotiate(remoteSdp: string, codecs: readonly Codec[]): NegotiatedAudio | undefined {
  const audio = readAudio(remoteSdp);
  if (!audio) return undefined;
  const telephoneEvent = audio.codecs.find(
    (one) => one.name === 'TELEPHONE-EVENT' && one.clockRate === 8000,
  )?.payloadType;
  for (const { name, payloadType, clockRate } of audio.codecs) {
    const codec = codecs.find((ours) => ours === name);
    if (!codec || clockRate !== 8000) continue;
    return telephoneEvent === undefined ? { codec, payloadType } : { codec, payloadType, telephoneEvent };
  }
  return undefined;
}
