import { describe, expect, it } from 'vitest';
import { decodeFrames, encodeFrame } from '../../../server/storage/journal-frame.ts';

const TEXTS = ['[{"drop":["ver_1"]}]', '["电话 ☎"]', '[]'] as const;
const FRAMES = TEXTS.map((json, at) => encodeFrame(7 + at, json));
const WHOLE = Buffer.concat(FRAMES);
/** Where each frame begins, and where the last one ends. */
const OFFSETS = FRAMES.reduce<number[]>((found, { length }) => [...found, (found.at(-1) ?? 0) + length], [0]);
const [, second = 0, third = 0] = OFFSETS;

function changed(at: number, byte: number): Buffer {
  const bytes = Buffer.from(WHOLE);
  bytes[at] = byte;
  return bytes;
}

const jsonOf = (bytes: Buffer) => decodeFrames(bytes, { first: 7 }).frames.map(({ json }) => json);

describe('The frames of a journal', () => {
  it('come back as they were written, a line each', () => {
    expect(jsonOf(WHOLE)).toEqual(TEXTS);
    expect(WHOLE.toString('utf8').split('\n')).toHaveLength(4);
  });

  it('are none in an empty file', () => {
    expect(decodeFrames(Buffer.alloc(0), { first: 1 })).toEqual({ frames: [] });
  });

  it('end before a last one that was cut off, wherever it was', () => {
    for (let size = third + 1; size < WHOLE.length; size += 1) {
      const { frames, torn } = decodeFrames(WHOLE.subarray(0, size), { first: 7 });
      expect({ size, read: frames.length, torn }).toEqual({ size, read: 2, torn: third });
    }
  });

  it.each([
    ['zeros', Buffer.alloc(40)],
    ['zeros and a line end', Buffer.from('\0\0\0\n')],
    ['another checksum', Buffer.from('00000000 9 []\n')],
  ])('end before %s, as a machine without power may leave them', (_, tail) => {
    const bytes = Buffer.concat([WHOLE.subarray(0, third), tail]);
    expect(decodeFrames(bytes, { first: 7 })).toMatchObject({ frames: [{}, {}], torn: third });
  });

  it('are refused where one before the last was changed in any byte, by the place of it', () => {
    for (let at = 0; at < third; at += 1) {
      const start = at < second ? 0 : second;
      expect(() => decodeFrames(changed(at, 0x7e), { first: 7 })).toThrow(`at byte ${start}`);
    }
  });

  it('are refused where one is missing, or another stands in its place', () => {
    const without = Buffer.concat([WHOLE.subarray(0, second), WHOLE.subarray(third)]);
    expect(() => decodeFrames(without, { first: 7 })).toThrow(`frame 9 instead of 8 at byte ${second}`);
    expect(() => decodeFrames(WHOLE, { first: 6 })).toThrow('frame 7 instead of 6 at byte 0');
  });

  it('are whole in every file but the last', () => {
    expect(decodeFrames(WHOLE, { first: 7, next: 10 }).frames).toHaveLength(3);
    expect(() => decodeFrames(WHOLE.subarray(0, -1), { first: 7, next: 10 })).toThrow(`at byte ${third}`);
    expect(() => decodeFrames(WHOLE.subarray(0, third), { first: 7, next: 10 })).toThrow('before frame 9');
  });

  it('are quoted in no error', () => {
    expect(() => decodeFrames(changed(12, 0x30), { first: 7 })).not.toThrow('ver_1');
  });
});
