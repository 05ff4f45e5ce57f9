import { PROMPT_NAMES, type PromptName } from '../../../sip-gateway/prompts/prompt-name.ts';
import type { PromptPack } from '../../../sip-gateway/prompts/prompt-pack.ts';
import type { ReceivedPacket } from './rtp-line.ts';

const CODECS = { 0: 'PCMU', 8: 'PCMA' } as const;
const SILENCE = { PCMU: 0xff, PCMA: 0xd5 } as const;
export type HeardCodec = 'PCMU' | 'PCMA';

/** What a telephone heard, frame by frame: whole prompts bit for bit, silence, and frames that are neither. */
export interface Transcript {
  readonly prompts: readonly PromptName[];
  readonly silentFrames: number;
  /** Frames of prompts that were cut off, or of something that we never sent. */
  readonly otherFrames: number;
}

export function transcriptOf(packets: readonly ReceivedPacket[], pack: PromptPack): Transcript {
  const audio = packets.filter((packet) => codecOf(packet) !== undefined);
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

/** Calls `onPrompt` with each prompt as its last frame arrives. */
export function listenFor(pack: PromptPack, onPrompt: (name: PromptName) => void): (packet: ReceivedPacket) => void {
  const received: ReceivedPacket[] = [];
  return (packet) => {
    const codec = codecOf(packet);
    if (codec === undefined) return;
    received.push(packet);
    for (const name of PROMPT_NAMES) {
      const frames = pack.frames(name, codec);
      if (startsWith(received, received.length - frames.length, frames)) onPrompt(name);
    }
  };
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

/** How evenly the packets came. */
export interface Pacing {
  /** Packets that the sender numbered and that never came. */
  readonly lost: number;
  /** Steps of the timestamp that were not 160 samples for each packet. */
  readonly oddTimestamps: number;
  /** Average milliseconds between two packets, and the longest. */
  readonly mean: number;
  readonly longest: number;
}

export function pacingOf(packets: readonly ReceivedPacket[]): Pacing {
  let lost = 0;
  let oddTimestamps = 0;
  let longest = 0;
  for (const [index, packet] of packets.entries()) {
    const before = packets[index - 1];
    if (before === undefined) continue;
    const step = (packet.sequence - before.sequence) & 0xffff;
    if (step !== 1) lost += 1;
    if ((packet.timestamp - before.timestamp) >>> 0 !== step * 160) oddTimestamps += 1;
    longest = Math.max(longest, packet.at - before.at);
  }
  const first = packets[0]?.at ?? 0;
  const last = packets.at(-1)?.at ?? 0;
  return { lost, oddTimestamps, longest, mean: (last - first) / Math.max(1, packets.length - 1) };
}
