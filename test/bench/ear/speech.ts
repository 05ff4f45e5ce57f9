import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readWav, type Recording } from '../../../sip-gateway/prompts/wav.ts';
import { seeded } from '../../support/tone-line.ts';

/** The beginning of the Universal Declaration of Human Rights: speech that everybody has translated. */
const TEXTS: Readonly<Record<string, string>> = {
  en: 'All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience and should act towards one another in a spirit of brotherhood.',
  es: 'Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y conciencia, deben comportarse fraternalmente los unos con los otros.',
  fr: 'Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience et doivent agir les uns envers les autres dans un esprit de fraternité.',
  de: 'Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geist der Brüderlichkeit begegnen.',
  cmn: '人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。',
};
const VARIANTS = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'f1', 'f2', 'f3', 'f4', 'f5'];
const RATE = 8000;
const run = promisify(execFile);

/**
 * That many seconds of speech in each of five languages, the numbers people say among the words: each sentence by
 * another voice, pitch and speed. Undefined where espeak-ng is not installed.
 */
export async function speech(seconds: number): Promise<Int16Array | undefined> {
  const random = seeded(5);
  const parts: Int16Array[] = [];
  for (const [language, text] of Object.entries(TEXTS)) {
    let missing = seconds * RATE;
    for (let sentence = 0; missing > 0; sentence += 1) {
      const numbers = Array.from({ length: 8 }, () =>
        String(Math.floor(random() * 10 ** (1 + Math.floor(random() * 6)))),
      );
      const voice = `${language}+${VARIANTS[sentence % VARIANTS.length]}`;
      const speed = 110 + Math.floor(random() * 100);
      const pitch = 10 + Math.floor(random() * 80);
      const said = await say(`${text} ${numbers.join('. ')}.`, ['-v', voice, '-s', `${speed}`, '-p', `${pitch}`]);
      if (!said) return undefined;
      const samples = atTelephoneRate(said).subarray(0, missing);
      missing -= samples.length;
      parts.push(samples);
    }
  }
  return joined(parts);
}

async function say(text: string, voice: readonly string[]): Promise<Recording | undefined> {
  try {
    const { stdout } = await run('espeak-ng', ['-b', '1', ...voice, '--stdout', text], {
      encoding: 'buffer',
      maxBuffer: 64 * 1024 * 1024,
    });
    return readWav(stdout);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Band-limited interpolation: a windowed sinc of eight zero crossings each way. */
function atTelephoneRate({ rate, samples }: Recording): Int16Array {
  const step = rate / RATE;
  const reach = 8 * step;
  return Int16Array.from({ length: Math.floor(samples.length / step) }, (_, index) => {
    const middle = index * step;
    let sum = 0;
    for (let n = Math.max(0, Math.ceil(middle - reach)); n <= middle + reach && n < samples.length; n += 1) {
      const x = (n - middle) / step;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      sum += ((samples[n] ?? 0) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / 8))) / step;
    }
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  });
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
