import type { Page } from 'playwright-core';
import type { HeardPrompt } from '../../../sip-gateway/phone/heard-prompt.ts';
import { RecordingRecogniser } from '../../../sip-gateway/phone/recording-recogniser.ts';
import { loadPromptLibrary } from '../../../sip-gateway/prompts/prompt-library.ts';

declare global {
  interface Window {
    recorder?: Recorder;
  }
}

/** What the recorder in the page keeps. */
interface Recorder {
  /** Samples at 8 kHz that nobody has fetched yet. */
  samples: number[];
}

const RATE = 8_000;
const LOOK_EVERY = 400;

/**
 * Listens to the calls of a tab: records the sound that its RTCPeerConnection brings, after Chromium's own jitter
 * buffer and decoder, and finds our prompts in it. The page under test knows nothing of it.
 */
export class TabEar {
  readonly #page: Page;
  readonly #recogniser: RecordingRecogniser;
  #recording: number[] = [];

  private constructor(page: Page, recogniser: RecordingRecogniser) {
    this.#page = page;
    this.#recogniser = recogniser;
  }

  /** Must come before the page is opened. */
  static async putIn(page: Page, locale: string): Promise<TabEar> {
    const library = await loadPromptLibrary({ defaultLocale: locale });
    await page.addInitScript(recordCalls);
    return new TabEar(page, new RecordingRecogniser([library.pack(locale)]));
  }

  /** Forgets what was heard, as for the next call. */
  async forget(): Promise<void> {
    await this.#fetch();
    this.#recording = [];
  }

  /** Everything since the first sound, in order. */
  async heard(): Promise<readonly HeardPrompt[]> {
    await this.#fetch();
    return this.#recogniser.recognise(Int16Array.from(this.#recording));
  }

  /** Waits until what was heard so far has the thing that `find` looks for. */
  async until<Found>(find: (heard: readonly HeardPrompt[]) => Found | undefined, patience = 20_000): Promise<Found> {
    const deadline = Date.now() + patience;
    for (;;) {
      const heard = await this.heard();
      const found = find(heard);
      if (found !== undefined) return found;
      if (Date.now() > deadline) {
        const words = heard.map(({ prompt }) => prompt).join(' ');
        throw new Error(`Not heard in ${this.#recording.length / RATE} s of sound; heard: ${words || 'nothing'}`);
      }
      await this.#page.waitForTimeout(LOOK_EVERY);
    }
  }

  /** How loud the sound was, as the root of the mean square of samples between -1 and 1. */
  async loudness(): Promise<number> {
    await this.#fetch();
    const energy = this.#recording.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0);
    return Math.sqrt(energy / Math.max(1, this.#recording.length));
  }

  async #fetch(): Promise<void> {
    const fresh = await this.#page.evaluate(() => {
      return window.recorder?.samples.splice(0) ?? [];
    });
    this.#recording = this.#recording.concat(fresh);
  }
}

/** The digits that were said right behind this prompt, once `count` of them were. */
export function digitsAfter(
  heard: readonly HeardPrompt[],
  prompt: HeardPrompt['prompt'],
  count: number,
): string | undefined {
  for (const [index, { prompt: said }] of heard.entries()) {
    if (said !== prompt) continue;
    const digits = heard
      .slice(index + 1, index + 1 + count)
      .map(({ prompt: next }) => /^digit-(\d)$/.exec(next)?.[1] ?? '')
      .join('');
    if (digits.length === count) return digits;
  }
  return undefined;
}

/** Chromium's way to the samples of a track; TypeScript's library does not know it. */
declare class MediaStreamTrackProcessor {
  readonly readable: ReadableStream<AudioData>;
  constructor(options: { readonly track: MediaStreamTrack; readonly maxBufferSize: number });
}

/** Runs in the page, before its own scripts. */
function recordCalls(): void {
  const recorder: Recorder = { samples: [] };
  window.recorder = recorder;
  async function record(track: MediaStreamTrack): Promise<void> {
    // Room for ten seconds, so that nothing is lost while the page is busy.
    const { readable } = new MediaStreamTrackProcessor({ track, maxBufferSize: 1000 });
    const reader = readable.getReader();
    for (;;) {
      const { done, value: sound } = await reader.read();
      if (done) return;
      const samples = new Float32Array(sound.numberOfFrames);
      sound.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      // G.711 was band-limited before it was brought to this rate: leaving samples out loses nothing.
      const step = sound.sampleRate / 8_000;
      for (let at = 0; at < samples.length; at += step) {
        recorder.samples.push(Math.round(Math.max(-1, Math.min(1, samples[at] ?? 0)) * 32_767));
      }
      sound.close();
    }
  }
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', ({ track }) => void record(track));
    }
  };
}
