import { PROMPT_NAMES, type PromptName } from '../../../sip-gateway/prompts/prompt-name.ts';
import type { PromptPack } from '../../../sip-gateway/prompts/prompt-pack.ts';
import type { ReceivedPacket } from './rtp-line.ts';

const CODECS = { 0: 'PCMU', 8: 'PCMA' } as const;
const SILENCE = { PCMU: 0xff, PCMA: 0xd5 } as const;
type HeardCodec = 'PCMU' | 'PCMA';

/** What a telephone heard, frame by frame: whole prompts bit for bit, silence, and frames that are neither. */
export interface Transcript {
  readonly prompts: readonly PromptName[];
  readonly silentFrames: number;
  /** Frames of prompts that were cut off, or of something that we never sent. */
  readonly otherFrames: number;
}

export function transcriptOf(packets: readonly ReceivedPacket[], pack: PromptPack): Transcript {
  const audio = inOrder(packets).filter((packet) => codecOf(packet) !== undefined);
  const codec = audio[0] === undefined ? 'PCMU' : (codecOf(audio[0]) ?? 'PCMU');
  const byLength = PROMPT_NAMES.map((name) => ({ name, frames: pack.frames(name, codec) })).toSorted(
    (a, b) => b.frames.length - a.frames.length,
  );
  const prompts: PromptName[] = [];
  let silentFrames = 0;
  let otherFrames = 0;
  let at = 0;
  while (at < audio.length) {
    const from = at;
    const match = byLength.find(({ frames }) => startsWith(audio, from, frames));
    if (match !== undefined) {
      prompts.push(match.name);
      at += match.frames.length;
      continue;
    }
    if (audio[at]?.payload.every((byte) => byte === SILENCE[codec]) ?? false) silentFrames += 1;
    else otherFrames += 1;
    at += 1;
  }
  return { prompts, silentFrames, otherFrames };
}

/** So far back a packet may be overtaken. */
const REORDERED = 4;

/** Calls `onPrompt` with each prompt as its last frame arrives. */
export function listenFor(pack: PromptPack, onPrompt: (name: PromptName) => void): (packet: ReceivedPacket) => void {
  const received: ReceivedPacket[] = [];
  return (packet) => {
    const codec = codecOf(packet);
    if (codec === undefined) return;
    received.push(packet);
    if (received.length > REORDERED) received.splice(-REORDERED, REORDERED, ...inOrder(received.slice(-REORDERED)));
    for (const name of PROMPT_NAMES) {
      const frames = pack.frames(name, codec);
      if (startsWith(received, received.length - frames.length, frames)) onPrompt(name);
    }
  };
}

/**
 * As a telephone's jitter buffer has them: by sequence number, each once. rtpengine in user space relays with
 * several threads, and on a busy machine one overtakes another.
 */
function inOrder(packets: readonly ReceivedPacket[]): readonly ReceivedPacket[] {
  const first = packets[0]?.sequence ?? 0;
  const place = ({ sequence }: ReceivedPacket): number => ((sequence - first + 0x8000) & 0xffff) - 0x8000;
  const ordered = packets.toSorted((a, b) => place(a) - place(b));
  return ordered.filter((packet, index) => packet.sequence !== ordered[index - 1]?.sequence);
}

function codecOf(packet: ReceivedPacket): HeardCodec | undefined {
  return packet.payloadType === 0 || packet.payloadType === 8 ? CODECS[packet.payloadType] : undefined;
}

function startsWith(packets: readonly ReceivedPacket[], from: number, frames: readonly Uint8Array[]): boolean {
  if (frames.length === 0 || from < 0 || from + frames.length > packets.length) return false;
  // From the end: prompts begin alike (a breath of silence) and end differently.
  for (let i = frames.length - 1; i >= 0; i--) {
    const frame = frames[i];
    if (frame === undefined || packets[from + i]?.payload.equals(frame) !== true) return false;
  }
  return true;
}

/** How the packets were timed. */
export interface Pacing {
  /** Packets that the sender numbered and that never came. */
  readonly lost: number;
  /** Packets whose RTP time is not a whole number of 20 ms frames after the one before (RFC 3551 §4.2). */
  readonly outOfStep: number;
  /** Milliseconds by which RTP time and the clock on the wall have come apart from the first packet to the last. */
  readonly drift: number;
}

export function pacingOf(packets: readonly ReceivedPacket[]): Pacing {
  const ordered = inOrder(packets);
  let lost = 0;
  let outOfStep = 0;
  let samples = 0;
  for (const [index, packet] of ordered.entries()) {
    const before = ordered[index - 1];
    if (before === undefined) continue;
    const step = (packet.timestamp - before.timestamp) >>> 0;
    lost += ((packet.sequence - before.sequence) & 0xffff) - 1;
    if (step === 0 || step % 160 !== 0) outOfStep += 1;
    samples += step;
  }
  const elapsed = (ordered.at(-1)?.at ?? 0) - (ordered[0]?.at ?? 0);
  return { lost, outOfStep, drift: elapsed - samples / 8 };
}
