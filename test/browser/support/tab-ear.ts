import type { Page } from 'playwright-core';
import type { HeardPrompt } from '../../../sip-gateway/phone/heard-prompt.ts';
import { createPromptRecogniser, type PromptRecogniser } from '../../../sip-gateway/phone/prompt-recogniser.ts';
import { loadPromptLibrary } from '../../../sip-gateway/prompts/prompt-library.ts';
import type { PromptPack } from '../../../sip-gateway/prompts/prompt-pack.ts';

interface Packet {
  /** Which call of the tab, from 1. */
  readonly call: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly payloadType: number;
  readonly payload: readonly number[];
}

/** What the recorder in the page keeps. */
interface Recorder {
  calls: number;
  peer?: RTCPeerConnection;
  /** What arrived, decrypted, and nobody has fetched yet. */
  packets: Packet[];
}

/** Chromium's way to the packets of a track; TypeScript's library does not know it. */
interface EncodedStreams {
  createEncodedStreams(): {
    readonly readable: ReadableStream<RTCEncodedAudioFrame>;
    readonly writable: WritableStream<RTCEncodedAudioFrame>;
  };
}

declare global {
  interface Window {
    recorder?: Recorder;
  }
  interface RTCRtpReceiver extends EncodedStreams {}
  interface RTCRtpSender extends EncodedStreams {}
  interface RTCConfiguration {
    encodedInsertableStreams?: boolean;
  }
}

const LOOK_EVERY = 200;
/** RFC 3551 §6 */
const PCMA = 8;

/**
 * Listens to the calls of a tab: takes the packets that Chromium received and decrypted on their way to its decoder,
 * and finds our prompts in them. How a busy machine plays them to nobody does not matter. The page under test
 * knows nothing of it.
 */
export class TabEar {
  readonly #page: Page;
  readonly #pack: PromptPack;
  #recogniser: PromptRecogniser;
  #call = 0;
  #heard: HeardPrompt[] = [];

  private constructor(page: Page, pack: PromptPack) {
    this.#page = page;
    this.#pack = pack;
    this.#recogniser = createPromptRecogniser({ packs: [pack] });
  }

  /** Must come before the page is opened. */
  static async putIn(page: Page, locale: string): Promise<TabEar> {
    const library = await loadPromptLibrary({ defaultLocale: locale });
    await page.addInitScript(recordCalls);
    return new TabEar(page, library.pack(locale));
  }

  /** Waits until what was heard, in all calls so far, has the thing that `find` looks for. */
  async until<Found>(find: (heard: readonly HeardPrompt[]) => Found | undefined, patience = 30_000): Promise<Found> {
    const deadline = Date.now() + patience;
    for (;;) {
      await this.#listen();
      const found = find(this.#heard);
      if (found !== undefined) return found;
      if (Date.now() > deadline) {
        throw new Error(`Not heard; heard: ${this.#heard.map(({ prompt }) => prompt).join(' ') || 'nothing'}`);
      }
      await this.#page.waitForTimeout(LOOK_EVERY);
    }
  }

  /** Forgets what was heard, as for the next call. */
  async forget(): Promise<void> {
    await this.#listen();
    this.#heard = [];
  }

  /** How loud Chromium played the call so far: the root of the mean square of samples between -1 and 1. */
  async loudness(): Promise<number> {
    return this.#page.evaluate(async () => {
      const report = await window.recorder?.peer?.getStats();
      for (const stats of report?.values() ?? []) {
        if (stats.type === 'inbound-rtp') return Math.sqrt(stats.totalAudioEnergy / stats.totalSamplesDuration);
      }
      return 0;
    });
  }

  async #listen(): Promise<void> {
    const packets = await this.#page.evaluate(() => window.recorder?.packets.splice(0) ?? []);
    for (const { call, sequence, timestamp, payloadType, payload } of packets) {
      if (call !== this.#call) this.#recogniser = createPromptRecogniser({ packs: [this.#pack] });
      this.#call = call;
      const packet = { sequence, timestamp, payload: Uint8Array.from(payload) };
      for (const event of this.#recogniser.packet(packet, payloadType === PCMA ? 'PCMA' : 'PCMU')) {
        if (event.type === 'ended') this.#heard.push(event);
      }
    }
  }
}

/** The digits that were said right behind the latest of these prompts, once `count` of them were. */
export function digitsAfter(
  heard: readonly HeardPrompt[],
  prompts: readonly HeardPrompt['prompt'][],
  count: number,
): string | undefined {
  const last = heard.findLastIndex(({ prompt }) => prompts.includes(prompt));
  if (last === -1) return undefined;
  const digits = heard
    .slice(last + 1, last + 1 + count)
    .map(({ prompt }) => /^digit-(\d)$/.exec(prompt)?.[1] ?? '')
    .join('');
  return digits.length === count ? digits : undefined;
}

/** Runs in the page, before its own scripts. */
function recordCalls(): void {
  const recorder: Recorder = { calls: 0, packets: [] };
  window.recorder = recorder;
  function tap(streams: RTCRtpReceiver | RTCRtpSender, call?: number): void {
    const { readable, writable } = streams.createEncodedStreams();
    const through = new TransformStream<RTCEncodedAudioFrame, RTCEncodedAudioFrame>({
      transform(frame, output) {
        const { sequenceNumber = 0, rtpTimestamp = 0, payloadType = 0 } = frame.getMetadata();
        const payload = Array.from(new Uint8Array(frame.data));
        const packet = { sequence: sequenceNumber, timestamp: rtpTimestamp, payloadType, payload };
        if (call !== undefined) recorder.packets.push({ call, ...packet });
        output.enqueue(frame);
      },
    });
    void readable.pipeThrough(through).pipeTo(writable);
  }
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super({ ...configuration, encodedInsertableStreams: true });
      recorder.calls += 1;
      recorder.peer = this;
      const call = recorder.calls;
      this.addEventListener('track', ({ receiver }) => tap(receiver, call));
    }

    override addTrack(track: MediaStreamTrack, ...streams: MediaStream[]): RTCRtpSender {
      const sender = super.addTrack(track, ...streams);
      // Without this what the phone says would not be sent at all.
      tap(sender);
      return sender;
    }
  };
}
