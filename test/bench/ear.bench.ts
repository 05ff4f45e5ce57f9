import { decodeG711 } from '../../sip-gateway/media/g711.ts';
import { loadPromptLibrary } from '../../sip-gateway/prompts/prompt-library.ts';
import { PROMPT_NAMES } from '../../sip-gateway/prompts/prompt-name.ts';
import { PACKET, playTones, type ToneLine } from '../support/tone-line.ts';
import { scoreOf } from '../support/tone-score.ts';
import { hear, type Hearing } from './ear/hearing.ts';
import { speech } from './ear/speech.ts';
import { rounded, type Aim, type Figures } from './figures.ts';

const PRESSES = 20_000;
/** In each of five languages: ten minutes. */
const SPEECH_SECONDS = 120;
const LAWS = ['PCMU', 'PCMA'] as const;
/** How much weaker than it was said a prompt comes back from a bad telephone. */
const ECHO = 10 ** (-6 / 20);

type Line = Omit<ToneLine, 'seed' | 'presses' | 'codec'>;
const EDGE = { level: -30, twist: 8, offFrequency: 0.015, snr: 15 } as const;

/** 40 ms of tone and 40 ms of silence, unless it says otherwise. */
const LINES: readonly (readonly [what: string, line: Line])[] = [
  ['clean', {}],
  ['-30 dBm0', { level: -30 }],
  ['twist 8 dB, either way', { twist: 8, exactly: true }],
  ['1.5 % off, either way', { offFrequency: 0.015, exactly: true }],
  ['noise 15 dB below', { snr: 15 }],
  ['3 % of the packets lost', { loss: 0.03 }],
  ['all of these, up to those limits', { ...EDGE, loss: 0.03 }],
  ['all of these but the loss, at the limits', { ...EDGE, exactly: true }],
  ['all of these, at the limits', { ...EDGE, exactly: true, loss: 0.03 }],
];
const AIM = 99.9;

/** The ear for tones: what it hears, what it must not hear, and what that costs. */
export async function run(): Promise<Figures> {
  const tones = LINES.flatMap(([what, line]) => LAWS.map((codec) => ({ what, codec, ...listen({ ...line, codec }) })));
  const off = LAWS.map((codec) => ({
    what: '3.5 % off, either way',
    codec,
    ...listen({ offFrequency: 0.035, exactly: true, codec }),
  }));
  const others = [...(await spoken()), ...(await echoed()), ...quiet()];
  const rows = [
    ...[...tones, ...off].map(({ what, codec, score, hearing }) => ({
      what,
      law: codec,
      'heard %': rounded(score.heard * 100, 2),
      extra: score.extra,
      'CPU ms/s': rounded(hearing.cpuMs, 3),
    })),
    ...others.map(({ what, codec, hearing }) => ({
      what,
      law: codec,
      'heard %': '',
      extra: hearing.keys.length,
      'CPU ms/s': rounded(hearing.cpuMs, 3),
    })),
  ];
  return { name: 'ear', rows, aims: [...aimsOf(tones, off), ...aimsOfOthers(others)] };
}

type Listened = ReturnType<typeof listen> & { readonly what: string };
interface Other {
  readonly what: string;
  readonly codec: string;
  readonly hearing: Hearing;
}

function listen(line: Line & Pick<ToneLine, 'codec'>) {
  const played = playTones({ seed: 11, presses: PRESSES, ...line });
  const hearing = hear([...played.packets, new Int16Array(PACKET), new Int16Array(PACKET)], {
    codec: line.codec ?? 'PCMU',
  });
  return { score: scoreOf(played, hearing.keys), hearing };
}

async function spoken(): Promise<readonly Other[]> {
  const said = await speech(SPEECH_SECONDS);
  if (!said) {
    process.stderr.write('espeak-ng is not installed: the ear was not tried with speech\n');
    return [];
  }
  return LAWS.map((codec) => ({
    what: `${said.length / 8000} s of speech in five languages`,
    codec,
    hearing: hear(packetsOf(said), { codec }),
  }));
}

async function echoed(): Promise<readonly Other[]> {
  const library = await loadPromptLibrary({ defaultLocale: 'en' });
  const packs = library.locales.map((locale) => library.pack(locale));
  return LAWS.map((codec) => {
    const frames = packs.flatMap((pack) => PROMPT_NAMES.flatMap((name) => pack.frames(name, codec)));
    const packets = frames.map((frame) => decodeG711(frame, codec).map((sample) => Math.round(sample * ECHO)));
    return { what: `every prompt of ${packs.length} packs, echoed`, codec, hearing: hear(packets, { codec }) };
  });
}

function quiet(): readonly Other[] {
  const minute = Array.from({ length: 3000 }, () => new Int16Array(PACKET));
  const said = playTones({ seed: 3, presses: 1000 }).packets;
  return [
    { what: 'silence', codec: 'PCMU', hearing: hear(minute, { codec: 'PCMU' }) },
    {
      what: 'audio while only events are heard',
      codec: 'PCMU',
      hearing: hear(said, { codec: 'PCMU', listens: 'events' }),
    },
  ];
}

function aimsOf(tones: readonly Listened[], off: readonly Listened[]): readonly Aim[] {
  return [
    ...tones.map(({ what, score }, index): Aim => ({
      what: `${what}, ${LAWS[index % 2]}: % heard`,
      measured: rounded(score.heard * 100, 2),
      bound: 'at-least',
      aim: AIM,
    })),
    { what: 'presses heard twice, or as another key', measured: sum(tones), bound: 'at-most', aim: 0 },
    {
      what: '3.5 % off: heard',
      measured: sum(off) + off.reduce((n, { score }) => n + score.heard, 0),
      bound: 'at-most',
      aim: 0,
    },
  ];
}

function sum(listened: readonly Listened[]): number {
  return listened.reduce((extra, { score }) => extra + score.extra, 0);
}

function aimsOfOthers(others: readonly Other[]): readonly Aim[] {
  return [
    ...others.map(({ what, codec, hearing }): Aim => ({
      what: `${what}, ${codec}: digits`,
      measured: hearing.keys.length,
      bound: 'at-most',
      aim: 0,
    })),
    {
      what: 'CPU ms for a second of audio, the worst of these',
      measured: rounded(Math.max(...others.map(({ hearing }) => hearing.cpuMs)), 3),
      bound: 'at-most',
      aim: 1,
    },
  ];
}

function packetsOf(samples: Int16Array): readonly Int16Array[] {
  return Array.from({ length: Math.floor(samples.length / PACKET) }, (_, index) =>
    samples.subarray(index * PACKET, (index + 1) * PACKET),
  );
}
