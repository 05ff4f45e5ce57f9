import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrival, events, heard, info, listen, rtp } from './timeline.ts';

/** One segment of a long press of 5. */
function segment({ at, marker }: { at: number; marker: boolean }, durations: readonly number[]): readonly Arrival[] {
  return durations.map((duration, index) => {
    const payload = Uint8Array.of(5, 0x0a, duration >> 8, duration & 0xff);
    const packet = rtp({ payload, marker: marker && index === 0, timestamp: at * 8 });
    return { at: at + index * 20, deliver: (ear) => ear.packet(packet) };
  });
}

/** A press of 5 of half a minute in segments, of which each loses its last packets. */
function longPress(from: number): readonly Arrival[] {
  return [0, 1, 2, 3].flatMap((number) => {
    const start = number * 0xffff;
    const durations = Array.from({ length: 405 }, (_, index) => (index + 1) * 160);
    return durations.map((duration): Arrival => {
      const payload = Uint8Array.of(5, 0x0a, duration >> 8, duration & 0xff);
      const packet = rtp({ payload, marker: number === 0 && duration === 160, timestamp: (from + start) >>> 0 });
      return { at: (start + duration) / 8, deliver: (ear) => ear.packet(packet) };
    });
  });
}

/** A press of 5 from a gateway that stamps each packet with its own time. */
function stampedAnew(at: number): readonly Arrival[] {
  return events('5', { at, ms: 40, timestamp: (index) => (at + index * 20) * 8 });
}

describe('a key told by INFO', () => {
  it('is one digit, however often the request is sent', () => {
    expect(heard(info('5', { at: 0, cseq: 2, copies: [0, 500, 1500, 3500] }))).toBe('5');
  });

  it('is a digit again in another request', () => {
    expect(heard(info('1', { at: 0, cseq: 2 }), info('1', { at: 100, cseq: 3 }))).toBe('11');
  });

  it('is a digit even in a form that is no key to others', () => {
    const request = { callId: 'c', cseq: 1, contentType: 'application/dtmf', body: '11' };
    expect(heard([{ at: 0, deliver: (ear) => ear.info(request) }])).toBe('#');
  });
});

describe('a key told by RFC 4733', () => {
  it('is one digit for all of its packets', () => {
    expect(heard(events('5', { at: 0, ms: 160 }))).toBe('5');
  });

  it('is heard with its first packet', () => {
    expect(heard(events('5', { at: 0, ms: 160 }).slice(0, 1))).toBe('5');
  });

  it('is heard when its first packets are lost', () => {
    expect(heard(events('5', { at: 0, ms: 160, arrives: (index) => index > 4 }))).toBe('5');
  });

  it('is heard when only its last packet arrives', () => {
    expect(heard(events('5', { at: 0, ms: 160, arrives: (index, count) => index === count - 1 }))).toBe('5');
  });

  it('is over when its end packets are lost and another follows', () => {
    expect(
      heard(
        events('1', { at: 0, ms: 60, arrives: (index, count) => index < count - 3 }),
        events('1', { at: 100, ms: 60 }),
      ),
    ).toBe('11');
  });

  it('stays two presses when they are quick', () => {
    expect(heard(events('1', { at: 0, ms: 40 }), events('1', { at: 100, ms: 40 }))).toBe('11');
  });

  it('is one digit when a late packet of it follows the next key', () => {
    const late = events('1', { at: 0, ms: 40 }).map(({ deliver }) => ({ at: 130, deliver }));
    expect(heard(events('1', { at: 0, ms: 40 }), events('2', { at: 100, ms: 80 }), late)).toBe('12');
  });

  it('is one digit when it is held longer than one timestamp can tell', () => {
    expect(
      heard(segment({ at: 0, marker: true }, [65_200, 65_360, 65_535]), segment({ at: 60, marker: false }, [160, 320])),
    ).toBe('5');
  });

  it.each([0, 0xffff_f000])(
    'is one digit for half a minute, where the end of each segment is lost: from %i on',
    (from) => {
      expect(heard(longPress(from))).toBe('5');
    },
  );

  it('is one digit for packets of two keys that overtake each other', () => {
    const one = events('1', { at: 0, ms: 100 });
    const two = events('2', { at: 30, ms: 100 });
    expect(heard(one, two)).toBe('12');
  });

  it('is one digit where its payload type changes while it is held', () => {
    const audio = { codec: 'PCMU', payloadType: 0 } as const;
    const [before, after] = [96, 97].map((payloadType) =>
      rtp({ payload: Uint8Array.of(5, 0x0a, 0, payloadType), payloadType, timestamp: 800 }),
    );
    const arrivals: readonly Arrival[] = [
      { at: 20, deliver: (ear) => before && ear.packet(before) },
      { at: 30, deliver: (ear) => ear.open({ ...audio, telephoneEvent: 97 }) },
      { at: 40, deliver: (ear) => after && ear.packet(after) },
    ];
    expect(listen([arrivals], { audio: { ...audio, telephoneEvent: 96 } })).toMatchObject({ keys: '5' });
  });

  it('is one digit from a gateway that stamps every packet anew, also where five in a row are lost', () => {
    const press = events('5', { at: 0, ms: 400, timestamp: (index) => index * 160 });
    expect(heard(press.slice(0, 5), press.slice(10))).toBe('5');
  });

  it('is one digit from a gateway that stamps every packet anew', () => {
    expect(heard(events('5', { at: 0, ms: 160, timestamp: (index) => index * 160 }))).toBe('5');
  });

  it('stays two presses from such a gateway', () => {
    expect(heard(stampedAnew(0), stampedAnew(120))).toBe('55');
  });

  it('is a digit again when the stream begins anew with another source', () => {
    expect(
      heard(
        events('5', { at: 0, ms: 80, timestamp: () => 9 }),
        events('5', { at: 300, ms: 80, timestamp: () => 9, ssrc: 8 }),
      ),
    ).toBe('55');
  });

  it('is no digit for a hook flash', () => {
    const flash = rtp({ payload: Uint8Array.of(16, 0x0a, 0, 160) });
    expect(heard([{ at: 0, deliver: (ear) => ear.packet(flash) }])).toBe('');
  });

  it('is read behind a header extension', () => {
    const plain = rtp({ payload: Uint8Array.of(9, 0x0a, 0, 160) });
    const extended = Uint8Array.of(...plain.subarray(0, 12), 0xbe, 0xde, 0, 1, 0x10, 0, 0, 0, ...plain.subarray(12));
    extended[0] = 0x90;
    expect(heard([{ at: 0, deliver: (ear) => ear.packet(extended) }])).toBe('9');
  });

  it('is read under the payload type of the call', () => {
    const packet = rtp({ payload: Uint8Array.of(9, 0x0a, 0, 160), payloadType: 96 });
    const speaks = { codec: 'PCMU', payloadType: 0, telephoneEvent: 96 } as const;
    expect(listen([[{ at: 0, deliver: (ear) => ear.packet(packet) }]], { audio: speaks }).keys).toBe('9');
  });

  it('is not taken from audio', () => {
    const audio = rtp({ payload: new Uint8Array(160).fill(5), payloadType: 0 });
    expect(heard([{ at: 0, deliver: (ear) => ear.packet(audio) }])).toBe('');
  });

  it('is nothing in a packet cut short', () => {
    expect(heard([{ at: 0, deliver: (ear) => ear.packet(Uint8Array.of(0x80, 101, 0)) }])).toBe('');
  });
});

describe('a key told in both ways', () => {
  it.each([40, 160, 800, 2000])('is one digit when it is held for %i ms and INFO comes at its end', (ms) => {
    expect(heard(events('5', { at: 0, ms }), info('5', { at: ms + 30, cseq: 2 }))).toBe('5');
  });

  it('is one digit when INFO comes first', () => {
    expect(heard(info('5', { at: 0, cseq: 2 }), events('5', { at: 400, ms: 160 }))).toBe('5');
  });

  it('is one digit when INFO had to be sent three times', () => {
    expect(heard(events('5', { at: 0, ms: 160 }), info('5', { at: 1660, cseq: 2, copies: [1, 500] }))).toBe('5');
  });

  it('stays two digits when it is pressed twice in quick order', () => {
    expect(
      heard(
        events('1', { at: 0, ms: 60 }),
        info('1', { at: 90, cseq: 2 }),
        events('1', { at: 100, ms: 60 }),
        info('1', { at: 190, cseq: 3 }),
      ),
    ).toBe('11');
  });

  it('stays two digits when INFO tells of both after the second was pressed', () => {
    expect(
      heard(
        events('1', { at: 0, ms: 60 }),
        events('1', { at: 100, ms: 60 }),
        info('1', { at: 500, cseq: 2 }),
        info('1', { at: 510, cseq: 3 }),
      ),
    ).toBe('11');
  });

  it('is one digit where a later INFO overtakes an earlier one', () => {
    expect(
      heard(
        events('1', { at: 0, ms: 60 }),
        events('2', { at: 200, ms: 60 }),
        info('2', { at: 300, cseq: 3 }),
        info('1', { at: 600, cseq: 2 }),
      ),
    ).toBe('12');
  });

  it('is not lost when RFC 4733 misses the first of two equal presses', () => {
    expect(
      heard(info('5', { at: 100, cseq: 2 }), events('5', { at: 300, ms: 100 }), info('5', { at: 420, cseq: 3 })),
    ).toBe('55');
  });

  it('is a new digit for the other way once the last press is long over', () => {
    expect(heard(info('5', { at: 0, cseq: 2 }), events('5', { at: 2500, ms: 100 }))).toBe('55');
  });

  it('is one digit for each press, whatever is keyed and however far the ways lie apart', () => {
    const press = fc.record({
      key: fc.constantFrom('0', '1', '2', '9', '#'),
      ms: fc.integer({ min: 40, max: 2000 }),
      gap: fc.integer({ min: 40, max: 3000 }),
      infoLag: fc.integer({ min: 0, max: 1800 }),
      copies: fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 3 }),
      lost: fc.array(fc.nat({ max: 6 }), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(press, { maxLength: 12 }), fc.integer({ min: 0, max: 250 }), (presses, eventLag) => {
        let at = 0;
        const arrivals = presses.map(({ key, ms, gap, infoLag, copies, lost }, index) => {
          const start = at;
          at += ms + gap;
          return [
            ...events(key, { at: start + eventLag, ms, arrives: (packet) => packet > 6 || !lost.includes(packet) }),
            ...info(key, { at: start + ms + infoLag, cseq: index, copies }),
          ];
        });
        const pressed = presses.map(({ key }) => key).toSorted();
        expect(Array.from(heard(...arrivals)).toSorted()).toEqual(pressed);
      }),
    );
  });

  it('is heard in the order of the presses where RFC 4733 leads', () => {
    const press = fc.record({ key: fc.constantFrom('1', '2', '3'), ms: fc.integer({ min: 40, max: 400 }) });
    fc.assert(
      fc.property(fc.array(press, { maxLength: 12 }), (presses) => {
        let at = 0;
        const arrivals = presses.map(({ key, ms }, index) => {
          const start = at;
          at += ms + 60;
          return [...events(key, { at: start, ms }), ...info(key, { at: start + ms + 40, cseq: index })];
        });
        expect(heard(...arrivals)).toBe(presses.map(({ key }) => key).join(''));
      }),
    );
  });
});
