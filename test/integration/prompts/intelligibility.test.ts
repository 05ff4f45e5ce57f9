import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { digitPrompt } from '../../../sip-gateway/scripts/utterances.ts';
import { LINES, lineOf as lineOfPack } from '../../../sip-gateway/prompts/render/lines.ts';
import { master } from '../../../sip-gateway/prompts/render/mastering.ts';
import { renderPrompt, spokenLine } from '../../../sip-gateway/prompts/render/render.ts';
import type { Line } from '../../../sip-gateway/prompts/render/voice.ts';
import { readWav } from '../../../sip-gateway/prompts/wav.ts';
import { aWav, pcm } from '../../fakes/a-wav.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { repeatableRandom } from '../../unit/phone/played.ts';

const run = promisify(execFile);
const DIGITS = Array.from('0123456789');
const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const MODEL = '/usr/share/pocketsphinx/model/en-us';
/** The rate that the engine speaks and the recogniser's model was trained at: of 8 kHz it understands nobody. */
const WIDE = 16_000;
/** It may hear any digit in any place, but knows that a code has six. */
const GRAMMAR = `#JSGF V1.0;
grammar code;
public <code> = <d> <d> <d> <d> <d> <d>;
<d> = ${WORDS.join(' | ')};
`;

describeWith(['flite', 'sox', 'pocketsphinx_batch'], 'the digits of the English pack', () => {
  const spoken = new Map<string, readonly number[]>();

  beforeAll(async () => {
    for (const digit of DIGITS) {
      const { rate, samples } = await spokenLine(lineOf(digit));
      if (rate !== WIDE) throw new Error(`the engine speaks at ${rate} Hz`);
      const mastered = master(
        Float64Array.from(samples, (sample) => sample / 32_768),
        rate,
      );
      spoken.set(
        digit,
        Array.from(mastered, (sample) => Math.round(sample * 32_767)),
      );
    }
  });

  it('are understood by an independent recogniser, each of them, in ten random codes', async () => {
    const random = repeatableRandom(2026);
    const codes = Array.from({ length: 10 }, () => Array.from({ length: 6 }, () => Math.floor(random() * 10)).join(''));
    const folder = await temporaryFolder();
    for (const [index, code] of codes.entries()) {
      await writeFile(join(folder, `${index}.wav`), aWav(pcm(read(code)), { rate: WIDE }));
    }
    expect(await recognised(folder, codes.length)).toEqual(codes);
  });

  it.each(DIGITS)(
    'are what the recogniser heard, brought to the band and the law of a telephone (%s)',
    async (digit) => {
      const committed = readWav(await readFile(`sip-gateway/prompts/packs/en/digit-${digit}.wav`)).samples;
      const rendered = readWav(await renderPrompt(lineOf(digit))).samples;
      expect(likeness(committed, rendered)).toBeGreaterThan(0.99);
    },
  );

  /** A code as a call reads it for the first time. */
  function read(code: string): number[] {
    const silence = Array.from({ length: WIDE / 2 }, () => 0);
    return Array.from(code)
      .flatMap((digit) => [...silence, ...(spoken.get(digit) ?? [])])
      .concat(silence);
  }
});

function lineOf(digit: string): Line {
  const english = LINES['en'];
  if (!english) throw new Error('there are no English lines');
  return lineOfPack(english, digitPrompt(digit));
}

async function recognised(folder: string, count: number): Promise<readonly string[]> {
  const files = Array.from({ length: count }, (_, index) => String(index)).join('\n');
  const control = join(folder, 'control');
  const grammar = join(folder, 'code.jsgf');
  const heard = join(folder, 'heard');
  await writeFile(control, files);
  await writeFile(grammar, GRAMMAR);
  const options = {
    hmm: `${MODEL}/en-us`,
    dict: `${MODEL}/cmudict-en-us.dict`,
    jsgf: grammar,
    ctl: control,
    cepdir: folder,
    cepext: '.wav',
    adcin: 'yes',
    adchdr: '44',
    hyp: heard,
    logfn: '/dev/null',
  };
  await run(
    'pocketsphinx_batch',
    Object.entries(options).flatMap(([name, value]) => [`-${name}`, value]),
  );
  const lines = (await readFile(heard, 'utf8')).trim().split('\n');
  return lines.map((line) =>
    line
      .replace(/\(.*/, '')
      .trim()
      .split(' ')
      .map((word) => WORDS.indexOf(word))
      .join(''),
  );
}

/** Pearson's coefficient: 1 for the same but for loudness. */
function likeness(one: Int16Array, other: Int16Array): number {
  if (one.length !== other.length) return 0;
  let [product, ones, others] = [0, 0, 0];
  one.forEach((sample, index) => {
    product += sample * (other[index] ?? 0);
    ones += sample ** 2;
    others += (other[index] ?? 0) ** 2;
  });
  return product / Math.sqrt(ones * others);
}
