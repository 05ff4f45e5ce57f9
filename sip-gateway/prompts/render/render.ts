import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { encodeG711 } from '../../media/g711.ts';
import { TELEPHONE_RATE, toTelephoneRate } from '../telephone-rate.ts';
import { readWav, type Recording } from '../wav.ts';
import { master } from './mastering.ts';
import type { Line } from './voice.ts';

const run = promisify(execFile);

/** Speaks a line and makes a prompt of it: a WAV file, 8 kHz, µ-law, one channel. */
export async function renderPrompt(line: Line): Promise<Buffer> {
  return withSpoken(line, async (file) => wavOf(master(await telephoneBand(file))));
}

/** A line as its engine speaks it, at the engine's rate. */
export async function spokenLine(line: Line): Promise<Recording> {
  return withSpoken(line, async (file) => readWav(await readFile(file)));
}

/** Makes a prompt of what any engine spoke; needs no other program, and leaves the low sounds that a telephone cuts off. */
export function promptOf(recording: Recording): Buffer {
  return wavOf(master(Float64Array.from(toTelephoneRate(recording), (sample) => sample / 32_768)));
}

async function withSpoken<Made>({ text, spelt = text, engine }: Line, use: (file: string) => Promise<Made>) {
  const folder = await mkdtemp(join(tmpdir(), 'ringproof-prompt-'));
  try {
    const spoken = join(folder, 'spoken.wav');
    await run(engine.program, engine.args(spelt, spoken));
    return await use(spoken);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Without dither (-D), so that the same text gives the same bytes. */
const RAW_SAMPLES = '-t raw -e signed -b 16 -c 1 -'.split(' ');
/** The band of a telephone channel, 300-3400 Hz; half of full scale, so that the filter cannot clip. */
const TELEPHONE_BAND = `gain -6 rate -v ${TELEPHONE_RATE} sinc -n 401 300-3400`.split(' ');

async function telephoneBand(file: string): Promise<Float64Array> {
  const { stdout } = await run('sox', ['-D', file, ...RAW_SAMPLES, ...TELEPHONE_BAND], {
    encoding: 'buffer',
    maxBuffer: 2 ** 24,
  });
  return Float64Array.from({ length: stdout.length >> 1 }, (_, index) => stdout.readInt16LE(index * 2) / 32_768);
}

/** G.711 µ-law in a WAV file: what goes on the wire, and half as large as PCM. */
function wavOf(samples: Float64Array): Buffer {
  const bytes = encodeG711(
    Int16Array.from(samples, (sample) => Math.round(sample * 32_767)),
    'PCMU',
  );
  const header = Buffer.alloc(58);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(header.length - 8 + bytes.length + (bytes.length & 1), 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(18, 16);
  header.writeUInt16LE(7, 20); // µ-law
  header.writeUInt16LE(1, 22); // one channel
  header.writeUInt32LE(TELEPHONE_RATE, 24);
  header.writeUInt32LE(TELEPHONE_RATE, 28); // bytes a second
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('fact', 38, 'latin1');
  header.writeUInt32LE(4, 42);
  header.writeUInt32LE(bytes.length, 46);
  header.write('data', 50, 'latin1');
  header.writeUInt32LE(bytes.length, 54);
  return Buffer.concat([header, bytes, Buffer.alloc(bytes.length & 1)]);
}
