import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeG711 } from '../../sip-gateway/media/g711.ts';
import type { RtpPacket } from '../../sip-gateway/media/rtp.ts';
import { PROMPT_NAMES, type PromptName, WORD_NAMES } from '../../sip-gateway/prompts/prompt-name.ts';
import { WORD_LIST } from '../../sip-gateway/prompts/word-list.ts';

/** A language tag of its own, so that our real packs stay as they are. */
export const TINY_LOCALE = 'qaa';
/** What its recordings of words say. */
export const TINY_WORDS: readonly string[] = WORD_NAMES.map((name) => `tiny ${name}`);
/** Of each prompt. */
const FRAMES = 3;
const FRAME_BYTES = 160;

/** µ-law bytes of positive samples from loud to soft, every second one; silence (0xff) is none of them. */
const LEVELS = Array.from({ length: 60 }, (_, level) => 0x84 + 2 * level);

/**
 * A prompt pack for tests that want whole calls in a second: each prompt is 60 ms of frames that are alike, and
 * the levels of a frame's two halves tell which prompt it is.
 */
export async function writeTinyPrompts(folder: string): Promise<void> {
  const pack = join(folder, TINY_LOCALE);
  await mkdir(pack, { recursive: true });
  for (const name of PROMPT_NAMES) {
    const samples = decodeG711(Buffer.concat(Array.from({ length: FRAMES }, () => frameOf(name))), 'PCMU');
    await writeFile(join(pack, `${name}.wav`), wav(samples));
  }
  await writeFile(join(pack, WORD_LIST), TINY_WORDS.join('\n'));
}

/** The prompts in what was received, in order; silence and keep-alives are nothing. */
export function promptsIn(packets: readonly RtpPacket[]): PromptName[] {
  const heard: PromptName[] = [];
  let run = 0;
  let before: PromptName | undefined;
  for (const { payloadType, payload } of packets) {
    if (payloadType !== 0) continue;
    const name = promptOf(payload);
    // The same digit twice in a row is two runs of FRAMES frames.
    run = name === before && run < FRAMES ? run + 1 : 1;
    if (name && run === 1) heard.push(name);
    before = name;
  }
  return heard;
}

function frameOf(name: PromptName): Uint8Array {
  const index = PROMPT_NAMES.indexOf(name);
  const frame = new Uint8Array(FRAME_BYTES).fill(LEVELS[index % LEVELS.length] ?? 0);
  return frame.fill(LEVELS[Math.floor(index / LEVELS.length)] ?? 0, FRAME_BYTES / 2);
}

function promptOf(frame: Uint8Array): PromptName | undefined {
  const first = LEVELS.indexOf(frame[0] ?? 0);
  const second = LEVELS.indexOf(frame[FRAME_BYTES / 2] ?? 0);
  return first < 0 || second < 0 ? undefined : PROMPT_NAMES[second * LEVELS.length + first];
}

function wav(samples: Int16Array): Buffer {
  const header = Buffer.alloc(44);
  const bytes = samples.length * 2;
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, bytes)]);
}
