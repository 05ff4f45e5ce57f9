import type { CallMedia } from '../sip/call-media.ts';
import { FRAME_MS, FRAME_SAMPLES, type Pacer } from './pacer.ts';
import { SILENT_FRAME } from './silence.ts';

/** Between utterances one frame of silence each second keeps the way through NATs and media timeouts open. */
const KEEP_ALIVE_FRAMES = 1000 / FRAME_MS;

/** What a player needs of a call. */
export type Line = Pick<CallMedia, 'state' | 'negotiated' | 'stream' | 'send'>;

/** Ready G.711 frames of FRAME_SAMPLES bytes, one for each 20 ms. */
type Frames = readonly Uint8Array[];

export interface Player {
  /** Plays this from the next tick on, instead of what was playing; `onPlayed` when its last frame was sent. */
  play(frames: Frames, onPlayed: () => void): void;
  /** `onPlayed` is not called then. */
  stop(): void;
  /** Leaves the clock. Harmless when called twice. */
  close(): void;
}

/**
 * Sends ready frames on the shared clock. RTP time runs on through silence, and the first packet after a
 * silence is marked (RFC 3551 §4.1), so that the other side's jitter buffer knows that a talk spurt begins.
 */
export function createPlayer(media: Line, pacer: Pacer): Player {
  let frames: Frames = [];
  let at = 0;
  let onPlayed: (() => void) | undefined;
  let silent = KEEP_ALIVE_FRAMES;
  let first: number | undefined;

  const leave = pacer.add((frame) => {
    first ??= frame;
    const audio = media.negotiated;
    if (!audio || media.state !== 'connected') {
      // What is being said waits for the media to come back; nothing of it is lost.
      silent = KEEP_ALIVE_FRAMES;
      return;
    }
    const playing = frames[at];
    if (!playing && onPlayed) {
      finish(); // nothing at all was to be said
      return;
    }
    if (!playing && silent < KEEP_ALIVE_FRAMES) {
      silent += 1;
      return;
    }
    const packet = media.stream.next(playing ?? SILENT_FRAME[audio.codec], {
      payloadType: audio.payloadType,
      time: (frame - first) * FRAME_SAMPLES,
      marker: playing !== undefined && silent > 0,
    });
    media.send(packet);
    if (!playing) {
      silent = 1;
      return;
    }
    silent = 0;
    at += 1;
    if (at < frames.length) return;
    finish();
  });

  function finish(): void {
    const done = onPlayed;
    halt();
    done?.();
  }

  function halt(): void {
    frames = [];
    at = 0;
    onPlayed = undefined;
  }

  return {
    play(next, whenPlayed) {
      frames = next;
      at = 0;
      onPlayed = whenPlayed;
    },
    stop: halt,
    close() {
      halt();
      leave();
    },
  };
}
