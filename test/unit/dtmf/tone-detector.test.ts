import { describe, expect, it } from 'vitest';
import { ToneDetector } from '../../../sip-gateway/dtmf/tone-detector.ts';
import { PACKET, playTones, seeded, type ToneLine } from '../../support/tone-line.ts';
import { scoreOf, type HeardKey } from '../../support/tone-score.ts';

/** How many presses were heard, and how many digits came that nobody pressed. */
function listen(line: Omit<ToneLine, 'seed' | 'presses'>, presses = 1600) {
  const played = playTones({ seed: 7, presses, ...line });
  let at = 0;
  const heard: HeardKey[] = [];
  const detector = new ToneDetector({ onKey: (key) => heard.push({ key, at }) });
  for (const packet of played.packets) {
    if (packet) detector.push(packet);
    else detector.lose(PACKET);
    at += PACKET;
  }
  detector.push(new Int16Array(2 * PACKET));
  return scoreOf(played, heard);
}

const EDGE = { level: -30, twist: 8, offFrequency: 0.015, snr: 15 } as const;

describe('ToneDetector', () => {
  it.each([
    ['clean tones of 40 ms with 40 ms between', {}],
    ['A-law', { codec: 'PCMA' }],
    ['-30 dBm0', { level: -30 }],
    ['8 dB of twist either way', { twist: 8, exactly: true }],
    ['frequencies 1.5 % off', { offFrequency: 0.015, exactly: true }],
    ['noise 15 dB below', { snr: 15 }],
    ['all of these at once', EDGE],
    ['all of these at once in A-law', { ...EDGE, codec: 'PCMA' }],
    ['tones of 100 ms with 3 % of the packets lost', { on: 100, off: 60, loss: 0.03 }],
  ] as const)('hears every key once: %s', (_, line) => {
    expect(listen(line)).toEqual({ heard: 1, extra: 0 });
  });

  it.each([
    ['as a good telephone sends them', {}],
    ['with everything else at its limit', { ...EDGE, exactly: true }],
    ['with everything else at its limit in A-law', { ...EDGE, exactly: true, codec: 'PCMA' }],
  ] as const)('hears 999 of 1000 tones of 40 ms where three packets of 100 are lost, and none twice: %s', (_, line) => {
    const { heard, extra } = listen({ ...line, loss: 0.03 }, 4000);
    expect(heard).toBeGreaterThanOrEqual(0.999);
    expect(extra).toBe(0);
  });

  it('hears a key held for two seconds once, whatever packets of it are lost', () => {
    expect(listen({ on: 2000, off: 100, loss: 0.1 }, 50)).toEqual({ heard: 1, extra: 0 });
  });

  it.each([0, 3])('rejects frequencies off by 35 in 1000, with %i of 100 packets lost', (lost) => {
    expect(listen({ offFrequency: 0.035, exactly: true, loss: lost / 100 })).toEqual({ heard: 0, extra: 0 });
  });

  it('hears a key held for two seconds once', () => {
    expect(listen({ on: 2000, off: 100 }, 16)).toEqual({ heard: 1, extra: 0 });
  });

  it('hears nothing in noise', () => {
    const heard: string[] = [];
    const detector = new ToneDetector({ onKey: (key) => heard.push(key) });
    const random = seeded(11);
    detector.push(Int16Array.from({ length: 60 * 8000 }, () => (random() - 0.5) * 20_000));
    expect(heard).toEqual([]);
  });
});
