import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROMPTS } from './timeline.ts';

const RATE = 8_000;

/** Prompts of known length in place of those of the English pack: a tone, since only their length matters. */
export async function writePrompts(folder: string): Promise<void> {
  await mkdir(join(folder, 'en'), { recursive: true });
  await Promise.all(
    Object.entries(PROMPTS).map(async ([name, ms]) => writeFile(join(folder, 'en', `${name}.wav`), tone(ms))),
  );
}

function tone(ms: number): Buffer {
  const samples = Int16Array.from({ length: (RATE * ms) / 1_000 }, (_, n) => 8_000 * Math.sin((n * 2 * Math.PI) / 20));
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}
