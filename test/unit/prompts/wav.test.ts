import { describe, expect, it } from 'vitest';
import { readWav } from '../../../sip-gateway/prompts/wav.ts';
import { aWav, pcm } from '../../fakes/a-wav.ts';

const samplesOf = (file: Uint8Array) => Array.from(readWav(file).samples);

describe('a WAV file', () => {
  it('of 16-bit PCM is read as it is', () => {
    expect(samplesOf(aWav(pcm([0, 1000, -32_768])))).toEqual([0, 1000, -32_768]);
  });

  it('tells its rate', () => {
    expect(readWav(aWav(pcm([0]), { rate: 16_000 })).rate).toBe(16_000);
  });

  it('of 8-bit PCM is unsigned', () => {
    expect(samplesOf(aWav(Uint8Array.of(0, 128, 255), { bits: 8 }))).toEqual([-32_768, 0, 32_512]);
  });

  it.each([
    [24, Uint8Array.of(9, 0xe8, 0x03, 9, 0x18, 0xfc)],
    [32, Uint8Array.of(9, 9, 0xe8, 0x03, 9, 9, 0x18, 0xfc)],
  ])('of %i-bit PCM keeps its highest 16 bits', (bits, data) => {
    expect(samplesOf(aWav(data, { bits }))).toEqual([1000, -1000]);
  });

  it('of floating point is brought to 16 bits, and no further than full scale', () => {
    const data = new Uint8Array(Float32Array.of(0.5, -0.25, 2, -2, Number.NaN).buffer);
    expect(samplesOf(aWav(data, { code: 3, bits: 32 }))).toEqual([16_384, -8192, 32_767, -32_768, 0]);
  });

  it('of µ-law is decoded', () => {
    expect(samplesOf(aWav(Uint8Array.of(0xff, 0x80), { code: 7, bits: 8 }))).toEqual([0, 32_124]);
  });

  it('of A-law is decoded', () => {
    expect(samplesOf(aWav(Uint8Array.of(0xd5, 0xaa), { code: 6, bits: 8 }))).toEqual([8, 32_256]);
  });

  it('with an extensible header is read by its sub-format', () => {
    expect(samplesOf(aWav(pcm([7]), { extensible: true }))).toEqual([7]);
  });

  it('with two channels is mixed down', () => {
    expect(samplesOf(aWav(pcm([100, 300, -100, -300]), { channels: 2 }))).toEqual([200, -200]);
  });

  it('with other chunks of odd length is read past them', () => {
    expect(samplesOf(aWav(pcm([7]), { extraChunk: Uint8Array.of(1, 2, 3) }))).toEqual([7]);
  });

  it('that was never finished is read as far as it goes', () => {
    const file = Buffer.from(aWav(pcm([7, 8])));
    file.writeUInt32LE(0xffffffff, 40);
    expect(samplesOf(file)).toEqual([7, 8]);
  });
});

describe('a file that cannot be a prompt', () => {
  it.each([
    ['is empty', new Uint8Array(), 'it is not a WAV file'],
    ['is something else', Buffer.from('ID3 and an MP3 follows'), 'it is not a WAV file'],
    ['has no data', aWav(new Uint8Array()).subarray(0, 36), 'it has no data'],
    ['has a format cut short', Buffer.from('RIFF\x10\0\0\0WAVEfmt \x02\0\0\0\x01\0'), 'its format is cut short'],
    ['has no channels', aWav(pcm([1]), { channels: 0 }), 'it has 0 channels'],
    ['has 12 bits', aWav(pcm([1, 2]), { bits: 12 }), 'code 1, 12 bits'],
    ['is compressed (ADPCM)', aWav(pcm([1, 2]), { code: 2, bits: 4 }), 'code 2, 4 bits'],
  ])('is refused with a reason when it %s', (_, file, reason) => {
    expect(() => readWav(file)).toThrow(reason);
  });
});
