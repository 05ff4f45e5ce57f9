import { decodeG711 } from '../../sip-gateway/media/g711.ts';
import type { Codec } from '../../sip-gateway/media/media-engine.ts';
import { loadPromptLibrary } from '../../sip-gateway/prompts/prompt-library.ts';
import { PROMPT_NAMES } from '../../sip-gateway/prompts/prompt-name.ts';
import { PACKET, playTones, seeded, type ToneLine } from '../support/tone-line.ts';
import { scoreOf } from '../support/tone-score.ts';
import { hear, type Hearing } from './ear/hearing.ts';
import { speech } from './ear/speech.ts';
import { rounded, type Aim, type Figures } from './figures.ts';

const PRESSES = 20_000;
/** In each of five languages: ten minutes. */
const SPEECH_SECONDS = 120;
/** How often the same is heard with other packets lost. */
const SPEECH_LOSSES = 6;
const ECHO_LOSSES = 4;
const LOSS = 0.03;
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
  ['3 % of the packets lost', { loss: LOSS }],
  ['100 ms of tone, 10 % of the packets lost', { on: 100, off: 60, loss: 0.1 }],
  ['all of these, up to those limits', { ...EDGE, loss: LOSS }],
  ['all of these but the loss, at the limits', { ...EDGE, exactly: true }],
  ['all of these, at the limits', { ...EDGE, exactly: true, loss: LOSS }],
];
const AIM = 99.9;

/** The ear for tones: what it hears, what it must not hear, and what that costs. */
export async function run(): Promise<Figures> {
  const tones = LINES.flatMap(([what, line]) => LAWS.map((codec) => ({ what, codec, ...listen({ ...line, codec }) })));
  const off = [0, LOSS].flatMap((loss) =>
    LAWS.map((codec) => ({
      what: `3.5 % off, either way${loss ? ', 3 % lost' : ''}`,
      codec,
      ...listen({ offFrequency: 0.035, exactly: true, loss, codec }),
    })),
  );
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
  return LAWS.flatMap((codec) =>
    withAndWithoutLoss(packetsOf(said), { what: 'speech in five languages', codec, losses: SPEECH_LOSSES }),
  );
}

async function echoed(): Promise<readonly Other[]> {
  const library = await loadPromptLibrary({ defaultLocale: 'en' });
  const packs = library.locales.map((locale) => library.pack(locale));
  const what = `every prompt of ${packs.length} packs, echoed`;
  return LAWS.flatMap((codec) => {
    const frames = packs.flatMap((pack) => PROMPT_NAMES.flatMap((name) => pack.frames(name, codec)));
    const packets = frames.map((frame) => decodeG711(frame, codec).map((sample) => Math.round(sample * ECHO)));
    return withAndWithoutLoss(packets, { what, codec, losses: ECHO_LOSSES });
  });
}

function withAndWithoutLoss(
  packets: readonly Int16Array[],
  { what, codec, losses }: { readonly what: string; readonly codec: Codec; readonly losses: number },
): readonly Other[] {
  const whole = hear(packets, { codec });
  const lossy = Array.from({ length: losses }, (_, seed) => {
    const random = seeded(seed + 1);
    return hear(
      packets.map((packet) => (random() < LOSS ? undefined : packet)),
      { codec },
    );
  });
  const told = (hearings: readonly Hearing[]): string => `${Math.round(joined(hearings).seconds / 60)} min of ${what}`;
  return [
    { what: told([whole]), codec, hearing: whole },
    { what: `${told(lossy)}, 3 % lost`, codec, hearing: joined(lossy) },
  ];
}

function joined(hearings: readonly Hearing[]): Hearing {
  const seconds = hearings.reduce((total, hearing) => total + hearing.seconds, 0);
  const cpuMs = hearings.reduce((total, hearing) => total + hearing.cpuMs * hearing.seconds, 0) / seconds;
  return { keys: hearings.flatMap(({ keys }) => keys), cpuMs, seconds };
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
