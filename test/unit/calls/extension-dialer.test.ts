import { describe, expect, it } from 'vitest';
import { dialExtension, wayToSend } from '../../../sip-gateway/calls/extension-dialer.ts';
import { decodeG711 } from '../../../sip-gateway/media/g711.ts';
import type { Frame } from '../../../sip-gateway/media/player.ts';
import { ToneDetector } from '../../../sip-gateway/dtmf/tone-detector.ts';

const WITH_EVENTS = { codec: 'PCMU', payloadType: 0, telephoneEvent: 101 } as const;
const WITHOUT = { codec: 'PCMU', payloadType: 0 } as const;

function dial(dtmf: Parameters<typeof wayToSend>[0], audio: Parameters<typeof wayToSend>[1], keys: string) {
  const frames: Frame[] = [];
  const infos: { readonly body: string; readonly at: number }[] = [];
  let dialled = 0;
  const player = {
    play(next: readonly Frame[], onPlayed: () => void) {
      frames.push(...next);
      onPlayed();
    },
  };
  const sendInfo = (_: string, body: string): void => void infos.push({ body, at: frames.length * 20 });
  const parts = Array.from(keys, (key) => ({ key }));
  dialExtension({ audio, dtmf, player, sendInfo }, [{ pause: 1000 }, ...parts, { pause: 500 }], () => (dialled += 1));
  return { frames, infos, dialled };
}

describe('the keys of an extension', () => {
  it.each([
    ['auto', WITH_EVENTS, 'rfc4733'],
    ['auto', WITHOUT, 'in-band'],
    [['info', 'rfc4733'], WITH_EVENTS, 'info'],
    [['rfc4733', 'info'], WITHOUT, 'info'],
    [['rfc4733'], WITHOUT, 'in-band'],
  ] as const)('go, on a trunk of %j to %j, by %s', (dtmf, audio, way) => {
    expect(wayToSend(dtmf, audio)).toBe(way);
  });

  it('are six packets and the end twice more each, the first marked, by RFC 4733 §2.5.1', () => {
    const { frames, dialled } = dial('auto', WITH_EVENTS, '2');
    const events = frames.filter((frame) => 'since' in frame);
    expect(events.map(({ since, marker }) => [since, marker])).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((since) => [since, since === 0]),
    );
    expect(events.map(({ payload }) => (payload[1] ?? 0) >> 7)).toEqual([0, 0, 0, 0, 0, 1, 1, 1]);
    expect(dialled).toBe(1);
  });

  it('are tones that an ear understands', () => {
    let heard = '';
    const detector = new ToneDetector({ onKey: (key) => (heard += key) });
    for (const frame of dial('auto', WITHOUT, '2047#*AD').frames) {
      if (!('since' in frame)) detector.push(decodeG711(frame, 'PCMU'));
    }
    expect(heard).toBe('2047#*AD');
  });

  it('are one INFO each, a second after the answer and 240 ms apart', () => {
    const { infos, dialled } = dial(['info'], WITH_EVENTS, '20');
    expect(infos).toEqual([
      { body: 'Signal=2\r\nDuration=120\r\n', at: 1000 },
      { body: 'Signal=0\r\nDuration=120\r\n', at: 1240 },
    ]);
    expect(dialled).toBe(1);
  });
});
