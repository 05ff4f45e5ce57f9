import { SILENCE } from '../../../sip-gateway/media/g711.ts';
import type { Codec } from '../../../sip-gateway/media/media-engine.ts';
import type { Utterance } from '../../../sip-gateway/prompts/prompt-name.ts';
import { loadPromptLibrary } from '../../../sip-gateway/prompts/prompt-library.ts';
import type { PromptPack } from '../../../sip-gateway/prompts/prompt-pack.ts';
import { utteranceFrames } from '../../../sip-gateway/prompts/utterance-frames.ts';
import { createPromptRecogniser, type PromptEvent } from '../../../sip-gateway/phone/prompt-recogniser.ts';

const library = await loadPromptLibrary({ defaultLocale: 'en' });
export const PACKS: readonly PromptPack[] = library.locales.map((locale) => library.pack(locale));

/** A call as it could be: everything that is said in it, with its pauses. */
export const CALL: Utterance = [
  'greeting',
  'operator-name',
  { pause: 300 },
  'gate-ask',
  'digit-7',
  { pause: 900 },
  'code-intro',
  { pause: 300 },
  'digit-4',
  { pause: 500 },
  'digit-9',
  { pause: 500 },
  'digit-9',
  { pause: 500 },
  'digit-0',
  { pause: 800 },
  'code-repeat',
  { pause: 300 },
  'digit-1',
  'verdict-verified',
  { pause: 300 },
  'goodbye',
];

export const SPOKEN_IN_CALL = CALL.filter((part) => typeof part === 'string');

/** The call's samples as they go on the wire. */
export function onTheWire(utterance: Utterance, locale: string, codec: Codec): Uint8Array {
  return Buffer.concat([...utteranceFrames(library.pack(locale), utterance, codec)]);
}

export interface Journey {
  readonly codec: Codec;
  /** Packets that the network loses, by their number. */
  readonly isLost?: (packet: number) => boolean;
  /** The sender sends nothing for so many samples before this packet. */
  readonly stall?: { readonly before: number; readonly samples: number };
  /** Samples of silence before, so that prompts do not begin with a packet. */
  readonly offset?: number;
}

/** Everything that an ear hears of these samples, sent as packets of 20 ms. */
export function hear(
  samples: Uint8Array,
  { codec, isLost = () => false, stall, offset = 0 }: Journey,
): readonly PromptEvent[] {
  const recogniser = createPromptRecogniser({ packs: PACKS });
  const whole = Buffer.concat([Buffer.alloc(offset, SILENCE[codec]), samples, Buffer.alloc(160, SILENCE[codec])]);
  const events: PromptEvent[] = [];
  for (let packet = 0; (packet + 1) * 160 <= whole.length; packet += 1) {
    if (isLost(packet)) continue;
    // Sequence and timestamp wrap within the call (RFC 3550 §5.1 has them begin anywhere).
    const sequence = (65_530 + packet) & 0xffff;
    const stalled = stall && packet >= stall.before ? stall.samples : 0;
    const timestamp = (0xffff_ff00 + packet * 160 + stalled) >>> 0;
    events.push(
      ...recogniser.packet({ payload: whole.subarray(packet * 160, (packet + 1) * 160), sequence, timestamp }, codec),
    );
  }
  return [...events, ...recogniser.end()];
}

export function promptsOf(events: readonly PromptEvent[]): readonly string[] {
  return events.filter(({ type }) => type === 'ended').map(({ prompt }) => prompt);
}

/** Numbers from 0 to 1 that are the same in every run. */
export function repeatableRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
