import { decodeG711 } from '../media/g711.ts';
import type { Codec } from '../media/media-engine.ts';
import type { PromptPack } from '../prompts/prompt-pack.ts';
import { ExactEar, type Followed } from './exact-ear.ts';
import type { HeardPrompt, HeardSound } from './heard-prompt.ts';
import { PromptIndex } from './prompt-index.ts';
import { RecordingRecogniser } from './recording-recogniser.ts';
import { SampleStream, type AudioPacket } from './sample-stream.ts';
import { TolerantEar } from './tolerant-ear.ts';

/** Times in milliseconds since the first packet. */
export type PromptEvent =
  | {
      readonly type: 'started';
      readonly prompt: HeardPrompt['prompt'];
      readonly locale: string;
      readonly startMs: number;
    }
  | ({ readonly type: 'ended' } & HeardPrompt);

/** Hears which prompts of our packs are played in one received stream, and when. */
export interface PromptRecogniser {
  /** Takes one packet, says what has become certain with it. */
  packet(packet: AudioPacket, codec: Codec): readonly PromptEvent[];
  /** The call is over; the prompt that was being played, if any, ends here. */
  end(): readonly PromptEvent[];
}

/**
 * Our own prompts travel as ready G.711 frames, so they are found again bit for bit, also when packets were lost
 * or transcoded from one law to the other. Where a gateway changed the sound (resampled it, made it
 * louder) and nothing is found that way, the waveforms are compared instead, at some delay.
 */
export function createPromptRecogniser({ packs }: { readonly packs: readonly PromptPack[] }): PromptRecogniser {
  const exact = new ExactEar(indexOf(packs));
  const stream = new SampleStream();
  const languageOf = createLanguageMemory();
  let tolerant: TolerantEar | undefined;
  let hasHeardExactly = false;

  function report(followed: readonly Followed[]): PromptEvent[] {
    if (followed.length > 0) hasHeardExactly = true;
    return followed.map((one) => eventOf(one, languageOf(one.indexed.locales)));
  }

  function tolerantly(heard: readonly HeardSound[]): readonly PromptEvent[] {
    return heard.flatMap((sound) => bothEvents(inLanguage(sound, languageOf)));
  }

  return {
    packet(packet, codec) {
      const placed = stream.place(packet);
      if (!placed) return [];
      const events = report(exact.hear(packet.payload, codec, placed));
      if (hasHeardExactly || exact.isFollowing) {
        tolerant = undefined;
        return events;
      }
      tolerant ??= new TolerantEar(recordingRecogniserOf(packs), placed.time);
      return tolerantly(tolerant.hear(decodeG711(packet.payload, codec), placed.time));
    },
    end() {
      const events = report(exact.end());
      return tolerant && events.length === 0 ? tolerantly(tolerant.end()) : events;
    },
  };
}

/** The prompts in a whole recording (linear, 8 kHz), however it travelled, in order of their beginning. */
export function recognise(pcm8k: Int16Array, packs: readonly PromptPack[]): readonly HeardPrompt[] {
  const languageOf = createLanguageMemory();
  return recordingRecogniserOf(packs)
    .recognise(pcm8k)
    .map((sound) => inLanguage(sound, languageOf));
}

type LanguageMemory = (locales: readonly string[]) => string;

/** A recording that several languages share is taken to be in the one that was heard last. */
function createLanguageMemory(): LanguageMemory {
  let last = '';
  return (locales) => {
    if (!locales.includes(last)) last = locales[0] ?? '';
    return last;
  };
}

function inLanguage({ locales, ...sound }: HeardSound, languageOf: LanguageMemory): HeardPrompt {
  return { ...sound, locale: languageOf(locales) };
}

/** The tolerant way knows of a prompt only once it is over. */
function bothEvents({ endMs, complete, ...prompt }: HeardPrompt): readonly PromptEvent[] {
  return [
    { type: 'started', ...prompt },
    { type: 'ended', ...prompt, endMs, complete },
  ];
}

function eventOf(followed: Followed, locale: string): PromptEvent {
  const { prompt } = followed.indexed;
  const startMs = followed.start / 8;
  if (followed.type === 'started') return { type: 'started', prompt, locale, startMs };
  return { type: 'ended', prompt, locale, startMs, endMs: followed.end / 8, complete: followed.complete };
}

/** Packs do not change and their index takes some 100 ms to make, so it is made once for each list of packs. */
const indexOf = remembered((packs) => new PromptIndex(packs));
const recordingRecogniserOf = remembered((packs) => new RecordingRecogniser(packs));

function remembered<Made>(make: (packs: readonly PromptPack[]) => Made): (packs: readonly PromptPack[]) => Made {
  const known = new WeakMap<readonly PromptPack[], Made>();
  return (packs) => {
    const made = known.get(packs) ?? make(packs);
    known.set(packs, made);
    return made;
  };
}
