import { PROMPT_NAMES, type PromptName } from '../../../sip-gateway/prompts/prompt-name.ts';
import type { PromptPack } from '../../../sip-gateway/prompts/prompt-pack.ts';
import type { ReceivedPacket } from './rtp-line.ts';

const CODECS = { 0: 'PCMU', 8: 'PCMA' } as const;
const SILENCE = { PCMU: 0xff, PCMA: 0xd5 } as const;
type HeardCodec = 'PCMU' | 'PCMA';

/** What a telephone heard, frame by frame: whole prompts bit for bit, silence, and frames that are neither. */
export interface Transcript {
  readonly prompts: readonly PromptName[];
  /** The packets of each of these prompts. */
  readonly spoken: readonly (readonly ReceivedPacket[])[];
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
  const spoken: (readonly ReceivedPacket[])[] = [];
  let silentFrames = 0;
  let otherFrames = 0;
  let at = 0;
  while (at < audio.length) {
    const from = at;
    const match = byLength.find(({ frames }) => startsWith(audio, from, frames));
    if (match !== undefined) {
      prompts.push(match.name);
      spoken.push(audio.slice(at, at + match.frames.length));
      at += match.frames.length;
      continue;
    }
    if (audio[at]?.payload.every((byte) => byte === SILENCE[codec]) ?? false) silentFrames += 1;
    else otherFrames += 1;
    at += 1;
  }
  return { prompts, spoken, silentFrames, otherFrames };
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

/** How evenly prompts were sent: between them the line may be silent. */
export interface Pacing {
  readonly packets: number;
  /** Packets in the midst of a prompt that the sender numbered and that never came. */
  readonly lost: number;
  /** Packets in the midst of a prompt whose RTP time is not 20 ms after the one before. */
  readonly outOfStep: number;
  /** Milliseconds from one packet to the next as they came, on average. */
  readonly spacing: number;
}

export function pacingOf({ spoken }: Transcript): Pacing {
  let lost = 0;
  let outOfStep = 0;
  let steps = 0;
  let ms = 0;
  for (const packets of spoken) {
    for (const [index, packet] of packets.entries()) {
      const before = packets[index - 1];
      if (before === undefined) continue;
      lost += ((packet.sequence - before.sequence) & 0xffff) - 1;
      if ((packet.timestamp - before.timestamp) >>> 0 !== 160) outOfStep += 1;
      steps += 1;
      ms += packet.at - before.at;
    }
  }
  return { packets: steps + spoken.length, lost, outOfStep, spacing: ms / Math.max(1, steps) };
}
