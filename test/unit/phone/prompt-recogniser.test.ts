import { describe, expect, it } from 'vitest';
import { decodeG711, encodeG711 } from '../../../sip-gateway/media/g711.ts';
import { PROMPT_NAMES } from '../../../sip-gateway/prompts/prompt-name.ts';
import { recognise } from '../../../sip-gateway/phone/prompt-recogniser.ts';
import { LOCALES } from '../../../server/config.ts';
import { CALL, hear, onTheWire, PACKS, promptsOf, repeatableRandom, SPOKEN_IN_CALL } from './played.ts';

describe.each(LOCALES)('an ear that hears our prompts in "%s" as they were sent', (locale) => {
  it.each(['PCMU', 'PCMA'] as const)('names every prompt in order, each of them complete (%s)', (codec) => {
    const events = hear(onTheWire(CALL, locale, codec), { codec });
    expect(promptsOf(events)).toEqual(SPOKEN_IN_CALL);
    expect(events.filter((event) => event.type === 'ended').every(({ complete }) => complete)).toBe(true);
  });

  it('says of each prompt that it began before it says that it ended', () => {
    const events = hear(onTheWire(CALL, locale, 'PCMU'), { codec: 'PCMU' });
    const expected = SPOKEN_IN_CALL.flatMap((prompt) => [`started ${prompt}`, `ended ${prompt}`]);
    expect(events.map(({ type, prompt }) => `${type} ${prompt}`)).toEqual(expected);
  });

  it('knows the time of each prompt to the millisecond', () => {
    const events = hear(onTheWire([{ pause: 1000 }, 'code-intro', { pause: 260 }, 'digit-5'], locale, 'PCMU'), {
      codec: 'PCMU',
    });
    const length = PACKS.find((pack) => pack.locale === locale)?.duration(['code-intro']) ?? 0;
    expect(events.filter(({ type }) => type === 'ended').map(({ startMs }) => startMs)).toEqual([1000, 1260 + length]);
  });

  it.each([
    ['PCMU', 'PCMA'],
    ['PCMA', 'PCMU'],
  ] as const)('names every prompt that a gateway turned from %s into %s', (sent, received) => {
    const samples = encodeG711(decodeG711(onTheWire(CALL, locale, sent), sent), received);
    expect(promptsOf(hear(samples, { codec: received }))).toEqual(SPOKEN_IN_CALL);
  });

  it('names every prompt and takes it for complete when 3 % of the packets are lost', () => {
    const random = repeatableRandom(11);
    const events = hear(onTheWire(CALL, locale, 'PCMU'), { codec: 'PCMU', isLost: () => random() < 0.03 });
    expect(promptsOf(events)).toEqual(SPOKEN_IN_CALL);
    expect(events.filter((event) => event.type === 'ended').every(({ complete }) => complete)).toBe(true);
  });

  it('names every prompt that does not begin with a packet', () => {
    const samples = onTheWire(CALL, locale, 'PCMU');
    expect(promptsOf(hear(samples, { codec: 'PCMU', offset: 37 }))).toEqual(SPOKEN_IN_CALL);
  });

  it('tells every prompt of the pack from every other', () => {
    for (const prompt of PROMPT_NAMES) {
      expect(promptsOf(hear(onTheWire([prompt], locale, 'PCMU'), { codec: 'PCMU' }))).toEqual([prompt]);
    }
  });
});

describe('an ear', () => {
  it('says which language it hears', () => {
    const locales = LOCALES.map((locale) => hear(onTheWire(['code-intro'], locale, 'PCMU'), { codec: 'PCMU' }));
    expect(locales.map(([first]) => first?.locale)).toEqual(LOCALES);
  });

  it('takes a recording that several languages have for one of the language that is spoken', () => {
    const name = onTheWire(['operator-name'], 'pt', 'PCMU');
    const call = Buffer.concat([onTheWire(['greeting'], 'pt', 'PCMU'), name]);
    expect(name).toEqual(onTheWire(['operator-name'], 'de', 'PCMU'));
    expect(hear(call, { codec: 'PCMU' }).map(({ locale }) => locale)).toEqual(['pt', 'pt', 'pt', 'pt']);
  });

  it('recognises nothing in silence', () => {
    expect(hear(onTheWire([{ pause: 30_000 }], 'en', 'PCMU'), { codec: 'PCMU' })).toEqual([]);
  });

  it('recognises nothing in noise', () => {
    const random = repeatableRandom(5);
    const noise = Int16Array.from({ length: 8000 * 5 }, () => (random() - 0.5) * 8000);
    expect(hear(encodeG711(noise, 'PCMU'), { codec: 'PCMU' })).toEqual([]);
  });

  it('says that a prompt which was cut off is not complete', () => {
    const half = onTheWire(['keypad-ask'], 'en', 'PCMU');
    const cut = Buffer.concat([
      half.subarray(0, half.length / 2),
      onTheWire([{ pause: 1000 }, 'digit-3'], 'en', 'PCMU'),
    ]);
    const ended = hear(cut, { codec: 'PCMU' }).filter((event) => event.type === 'ended');
    expect(ended.map(({ prompt, complete }) => [prompt, complete])).toEqual([
      ['keypad-ask', false],
      ['digit-3', true],
    ]);
  });

  it('says that a prompt at whose end the line went dead is not complete', () => {
    const whole = onTheWire(['keypad-ask'], 'en', 'PCMU');
    const ended = hear(whole.subarray(0, 8000), { codec: 'PCMU' }).find((event) => event.type === 'ended');
    expect(ended).toMatchObject({ prompt: 'keypad-ask', complete: false });
  });

  it('takes a prompt for one and whole when the sender stalled in the middle of it', () => {
    const played = onTheWire(['keypad-ask', { pause: 300 }, 'digit-3'], 'en', 'PCMU');
    const ended = hear(played, { codec: 'PCMU', stall: { before: 50, samples: 2_400 } }).filter(
      (event) => event.type === 'ended',
    );
    const length = PACKS.find(({ locale }) => locale === 'en')?.duration(['keypad-ask']) ?? 0;
    expect(ended.map(({ prompt, complete, startMs }) => ({ prompt, complete, startMs }))).toEqual([
      { prompt: 'keypad-ask', complete: true, startMs: 0 },
      { prompt: 'digit-3', complete: true, startMs: length + 300 + 300 },
    ]);
  });

  it('knows that a prompt was cut off with the first packet after the silence that followed', () => {
    const cut = onTheWire(['keypad-ask'], 'en', 'PCMU').subarray(0, 8000);
    const samples = Buffer.concat([cut, onTheWire(['goodbye'], 'en', 'PCMU').subarray(0, 1600)]);
    const events = hear(samples, { codec: 'PCMU', stall: { before: 50, samples: 8_000 } });
    expect(events.slice(0, 3).map(({ type, prompt }) => `${type} ${prompt}`)).toEqual([
      'started keypad-ask',
      'ended keypad-ask',
      'started goodbye',
    ]);
  });

  it('hears each digit of a code that has the same digit twice', () => {
    const code = onTheWire(['digit-9', { pause: 500 }, 'digit-9'], 'en', 'PCMU');
    expect(promptsOf(hear(code, { codec: 'PCMU' }))).toEqual(['digit-9', 'digit-9']);
  });
});

describe.each(['en', 'zh'])('an ear that hears our prompts in "%s" changed on their way', (locale) => {
  const original = () => decodeG711(onTheWire(CALL, locale, 'PCMU'), 'PCMU');

  it('names every prompt of a stream that a gateway made quieter', () => {
    const quieter = Int16Array.from([0, 0, 0, ...original()], (sample) => sample * 0.6);
    expect(promptsOf(hear(encodeG711(quieter, 'PCMU'), { codec: 'PCMU' }))).toEqual(SPOKEN_IN_CALL);
  });

  it('names every prompt of a noisy recording', () => {
    const random = repeatableRandom(3);
    const noisy = original().map((sample) => sample * 0.5 + (random() - 0.5) * 500);
    expect(recognise(noisy, PACKS).map(({ prompt }) => prompt)).toEqual(SPOKEN_IN_CALL);
  });

  it('names every prompt of a recording whose clock runs 0.05 % fast', () => {
    expect(recognise(resampled(original(), 1.0005), PACKS).map(({ prompt }) => prompt)).toEqual(SPOKEN_IN_CALL);
  });

  it('names every prompt of a recording in which a jitter buffer cut and stretched', () => {
    expect(recognise(jittered(original()), PACKS).map(({ prompt }) => prompt)).toEqual(SPOKEN_IN_CALL);
  });
});

function resampled(pcm: Int16Array, step: number): Int16Array {
  return Int16Array.from({ length: Math.floor((pcm.length - 2) / step) }, (_, index) => {
    const at = 0.37 + index * step;
    const before = Math.floor(at);
    return (pcm[before] ?? 0) * (before + 1 - at) + (pcm[before + 1] ?? 0) * (at - before);
  });
}

function jittered(pcm: Int16Array): Int16Array {
  const random = repeatableRandom(8);
  const pieces: Int16Array[] = [];
  for (let from = 0; from < pcm.length; from += 160) {
    const piece = pcm.subarray(from, from + 160);
    pieces.push(random() < 0.02 ? piece.subarray(0, 100) : piece);
    if (random() < 0.03) pieces.push(piece.subarray(80));
  }
  return Int16Array.from(pieces.flatMap((piece) => [...piece]));
}
