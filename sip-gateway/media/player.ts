import type { CallMedia } from '../sip/call-media.ts';
import { FRAME_MS, FRAME_SAMPLES, type Pacer } from './pacer.ts';
import { SILENT_FRAME } from './silence.ts';

/** Between utterances one frame of silence each second keeps the way through NATs and media timeouts open. */
const KEEP_ALIVE_FRAMES = 1000 / FRAME_MS;

/** What a player needs of a call. */
export type Line = Pick<CallMedia, 'state' | 'negotiated' | 'stream' | 'send'>;

/** One packet of a key press (RFC 4733), all of which have the RTP time of its beginning. */
export interface EventFrame {
  readonly payload: Uint8Array;
  readonly marker: boolean;
  /** Frames since the press began. */
  readonly since: number;
}

/** 20 ms: G.711 of FRAME_SAMPLES bytes, ready to be sent, or a packet of a key press. */
export type Frame = Uint8Array | EventFrame;
type Frames = readonly Frame[];

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

  const paced = pacer.add((frame) => {
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
    const time = (frame - first) * FRAME_SAMPLES;
    if (playing !== undefined && 'since' in playing) {
      // A re-INVITE may have taken the payload type away; then nothing is sent in its place.
      const payloadType = audio.telephoneEvent;
      const { payload, marker, since } = playing;
      const began = time - since * FRAME_SAMPLES;
      if (payloadType !== undefined) media.send(media.stream.next(payload, { payloadType, time: began, marker }));
    } else {
      const payload = playing ?? SILENT_FRAME[audio.codec];
      const marker = playing !== undefined && silent > 0;
      media.send(media.stream.next(payload, { payloadType: audio.payloadType, time, marker }));
    }
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
      // RTP time follows the clock, so a talk spurt may begin between two frames of the last one.
      if (silent > 1) paced.hasten();
      frames = next;
      at = 0;
      onPlayed = whenPlayed;
    },
    stop: halt,
    close() {
      halt();
      paced.leave();
    },
  };
}
