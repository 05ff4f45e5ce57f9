import { describe, expect, it } from 'vitest';
import { decodeG711, SILENCE } from '../../../sip-gateway/media/g711.ts';
import { createPromptPack } from '../../../sip-gateway/prompts/prompt-pack.ts';
import { utteranceFrames } from '../../../sip-gateway/prompts/utterance-frames.ts';

const loud = (length: number) => ({ length, samples: () => new Int16Array(length).fill(8000) });
const pack = createPromptPack(
  'en',
  new Map([
    ['goodbye', loud(400)],
    ['digit-1', loud(320)],
  ]),
);

describe.each(['PCMU', 'PCMA'] as const)('a prompt in %s', (codec) => {
  it('is cut into frames of 20 ms', () => {
    expect(pack.frames('goodbye', codec).map(({ length }) => length)).toEqual([160, 160, 160]);
  });

  it('is filled up with silence to a whole frame', () => {
    expect(pack.frames('goodbye', codec)[2]?.subarray(80)).toEqual(new Uint8Array(80).fill(SILENCE[codec]));
  });

  it('sounds as it was recorded', () => {
    const [first] = decodeG711(pack.frames('digit-1', codec)[0] ?? new Uint8Array(), codec);
    expect(Math.abs((first ?? 0) - 8000)).toBeLessThan(260);
  });

  it('is the same memory for every call', () => {
    expect(pack.frames('digit-1', codec)).toBe(pack.frames('digit-1', codec));
  });
});

describe.each(['PCMU', 'PCMA'] as const)('an utterance in %s', (codec) => {
  it('is its prompts and silences, frame by frame', () => {
    const frames = Array.from(utteranceFrames(pack, ['digit-1', { pause: 40 }, 'goodbye'], codec));
    const silent = new Uint8Array(160).fill(SILENCE[codec]);
    expect(frames).toEqual([...pack.frames('digit-1', codec), silent, silent, ...pack.frames('goodbye', codec)]);
  });

  it('copies nothing', () => {
    const [first] = utteranceFrames(pack, ['digit-1'], codec);
    expect(first).toBe(pack.frames('digit-1', codec)[0]);
  });
});

describe('how long an utterance takes', () => {
  it('is the time of its frames', () => {
    expect(pack.duration(['digit-1', { pause: 500 }, 'goodbye'])).toBe(40 + 500 + 60);
  });

  it('is what is sent, where a pause is no whole number of frames', () => {
    const frames = Array.from(utteranceFrames(pack, [{ pause: 30 }], 'PCMU'));
    expect(pack.duration([{ pause: 30 }])).toBe(frames.length * 20);
  });

  it('is nothing for nothing', () => {
    expect(pack.duration([])).toBe(0);
  });
});
