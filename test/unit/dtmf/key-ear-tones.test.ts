import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrival, audioOf, events, info, listen } from './timeline.ts';

const TONES_ONLY = { audio: { codec: 'PCMU', payloadType: 0 } } as const;
const ALL_WAYS = { dtmf: ['info', 'rfc4733', 'in-band'] } as const;
const inVain = (at: number): readonly Arrival[] => [{ at, deliver: (ear) => ear.inVain() }];

describe('a key told as a tone in the audio', () => {
  it('is one digit, however long it is held', () => {
    expect(listen([audioOf([{ key: '5', at: 100, ms: 3000 }], { until: 3300 })], TONES_ONLY).keys).toBe('5');
  });

  it('stays two presses when they are quick', () => {
    const tones = [
      { key: '1', at: 100, ms: 40 },
      { key: '1', at: 180, ms: 40 },
    ];
    expect(listen([audioOf(tones, { until: 400 })], TONES_ONLY).keys).toBe('11');
  });

  it('is heard in the law that it comes in, whatever we speak', () => {
    const speaks = { codec: 'PCMA', payloadType: 8 } as const;
    expect(listen([audioOf([{ key: '#', at: 40, ms: 60 }], { until: 200 })], { audio: speaks }).keys).toBe('#');
  });

  it('is one digit where a packet in its middle is lost', () => {
    const call = audioOf([{ key: '7', at: 100, ms: 200 }], { until: 500, arrives: (index) => index !== 9 });
    expect(listen([call], TONES_ONLY).keys).toBe('7');
  });

  it.each([5, 8, 20])('is one digit where it is held while %i packets in a row are lost', (lost) => {
    const arrives = (index: number): boolean => index < 10 || index >= 10 + lost;
    const call = audioOf([{ key: '7', at: 100, ms: 800 }], { until: 1200, arrives });
    expect(listen([call], TONES_ONLY).keys).toBe('7');
  });

  it.each([5, 8, 20])('stays two presses where the pause between them is among %i packets that are lost', (lost) => {
    const arrives = (index: number): boolean => index < 10 || index >= 10 + lost;
    const again = 250 + lost * 20 - 50 - 13;
    const tones = [
      { key: '7', at: 100, ms: 110 },
      { key: '7', at: again, ms: 120 },
    ];
    expect(listen([audioOf(tones, { until: 1200, arrives })], TONES_ONLY).keys).toBe('77');
  });

  it('is one digit where it is held and a packet is lost soon after many', () => {
    const lost = new Set([10, 11, 12, 13, 14, 15, 17]);
    const call = audioOf([{ key: '7', at: 100, ms: 600 }], { until: 1000, arrives: (index) => !lost.has(index) });
    expect(listen([call], TONES_ONLY).keys).toBe('7');
  });

  it('is one digit where packets overtake each other', () => {
    const call = audioOf([{ key: '7', at: 100, ms: 200 }], { until: 500, overtaken: (index) => index % 3 === 0 });
    expect(listen([call], TONES_ONLY).keys).toBe('7');
  });

  it('stays two presses where the sender leaves out the silence between them', () => {
    const tones = [
      { key: '1', at: 100, ms: 100 },
      { key: '1', at: 300, ms: 100 },
    ];
    let sequence = 0;
    const sent = audioOf(tones, { until: 500 }).filter(({ at }) => (at > 100 && at <= 200) || at > 300);
    const numbered = sent.map(({ at, deliver }) => ({
      at,
      deliver: (ear: Parameters<typeof deliver>[0]) =>
        deliver({
          ...ear,
          packet(bytes) {
            new DataView(bytes.buffer).setUint16(2, sequence++);
            ear.packet(bytes);
          },
        }),
    }));
    expect(listen([numbered], TONES_ONLY).keys).toBe('11');
  });

  it('is a digit again when the stream begins anew', () => {
    const first = audioOf([{ key: '3', at: 100, ms: 100 }], { until: 200 });
    const second = audioOf([{ key: '3', at: 5000, ms: 100 }], { from: 4980, until: 5200 });
    expect(listen([first, second], TONES_ONLY).keys).toBe('33');
  });
});

describe('a key told as a tone and in another way', () => {
  it('is one digit where INFO comes at its end', () => {
    const tone = audioOf([{ key: '5', at: 100, ms: 1000 }], { until: 1400 });
    expect(listen([tone, info('5', { at: 1150, cseq: 2 })], TONES_ONLY)).toMatchObject({
      keys: '5',
      ways: ['in-band'],
    });
  });

  it.each([
    ['with it', 100, 200],
    ['later than it', 180, 120],
    ['only when it is over', 340, 60],
  ])('is one digit where RFC 4733 begins %s', (_, at, ms) => {
    const tone = audioOf([{ key: '5', at: 100, ms: 200 }], { until: 600 });
    expect(listen([tone, events('5', { at, ms })], ALL_WAYS).keys).toBe('5');
  });

  it('is one digit where it is held long and RFC 4733 tells of it at the end', () => {
    const tone = audioOf([{ key: '5', at: 100, ms: 3000 }], { until: 3600 });
    expect(listen([tone, events('5', { at: 3140, ms: 60 })], ALL_WAYS).keys).toBe('5');
  });

  it('is one digit where its end leaks into the audio beside the event', () => {
    const leaks = audioOf(
      [
        { key: '5', at: 100, ms: 50 },
        { key: '5', at: 400, ms: 50 },
      ],
      { until: 700 },
    );
    expect(listen([leaks, events('5', { at: 140, ms: 260 })], ALL_WAYS).keys).toBe('5');
  });

  it('stays two digits where the audio takes two for one long', () => {
    const tone = audioOf([{ key: '1', at: 100, ms: 300 }], { until: 600 });
    const twice = [events('1', { at: 120, ms: 120 }), events('1', { at: 260, ms: 120 })];
    expect(listen([tone, ...twice], ALL_WAYS).keys).toBe('11');
  });

  it('stays two digits in quick order in all ways at once', () => {
    const tones = audioOf(
      [
        { key: '1', at: 100, ms: 60 },
        { key: '1', at: 200, ms: 60 },
      ],
      { until: 700 },
    );
    const told = [
      events('1', { at: 140, ms: 60 }),
      events('1', { at: 240, ms: 60 }),
      info('1', { at: 260, cseq: 2 }),
      info('1', { at: 360, cseq: 3 }),
    ];
    expect(listen([tones, ...told], ALL_WAYS).keys).toBe('11');
  });

  it('is not swallowed by a tone of the same key that nobody pressed', () => {
    const falseTone = audioOf([{ key: '5', at: 100, ms: 60 }], { until: 400 });
    expect(listen([falseTone, events('5', { at: 900, ms: 100 })], ALL_WAYS).keys).toBe('55');
  });
});

describe('a key told in all three ways', () => {
  const press = fc.record({
    key: fc.constantFrom('1', '2', '5', '#'),
    ms: fc.integer({ min: 60, max: 400 }),
    gap: fc.integer({ min: 80, max: 1200 }),
    eventLag: fc.integer({ min: 0, max: 300 }),
    infoLag: fc.integer({ min: -40, max: 1500 }),
  });

  it('is one digit for each press, in whatever order the ways tell of it', () => {
    fc.assert(
      fc.property(fc.array(press, { minLength: 1, maxLength: 8 }), (presses) => {
        let at = 100;
        const played = presses.map(({ key, ms, gap, eventLag, infoLag }, cseq) => {
          const start = at;
          at += ms + gap;
          const event = events(key, { at: start + eventLag, ms, timestamp: () => start * 8 });
          return { tone: { key, at: start, ms }, told: [event, info(key, { at: start + ms + infoLag, cseq })] };
        });
        const tones = audioOf(
          played.map(({ tone }) => tone),
          { until: at + 200 },
        );
        const { keys } = listen([tones, ...played.flatMap(({ told }) => told)], ALL_WAYS);
        expect(Array.from(keys).toSorted()).toEqual(presses.map(({ key }) => key).toSorted());
      }),
    );
  });
});

describe('an ear that finds out by itself', () => {
  const tone = audioOf([{ key: '5', at: 100, ms: 100 }], { until: 400 });

  it('wants packets for events, and hears no tones beside them', () => {
    expect(listen([tone])).toEqual({ keys: '', ways: [], wantsPackets: true });
  });

  it('hears tones where the other side knows no events', () => {
    expect(listen([tone], TONES_ONLY)).toEqual({ keys: '5', ways: ['in-band'], wantsPackets: true });
  });

  it('hears tones, too, once a key was waited for in vain', () => {
    expect(listen([inVain(10), tone]).keys).toBe('5');
  });

  it('wants no packet any more once INFO has told a key', () => {
    expect(listen([info('5', { at: 0, cseq: 2 }), tone])).toEqual({ keys: '5', ways: ['info'], wantsPackets: false });
    expect(listen([info('5', { at: 0, cseq: 2 }), tone], TONES_ONLY).wantsPackets).toBe(false);
  });

  it('hears no tones any more once an event has told a key', () => {
    const event = events('1', { at: 20, ms: 40 });
    expect(listen([inVain(10), event, tone])).toEqual({ keys: '1', ways: ['rfc4733'], wantsPackets: true });
  });

  it('hears both where a tone was first and events are known', () => {
    const second = events('7', { at: 500, ms: 60 });
    expect(listen([inVain(10), tone, second]).keys).toBe('57');
  });

  it('wants no packet at all where the trunk only sends INFO', () => {
    const event = events('1', { at: 0, ms: 40 });
    expect(listen([event, tone], { dtmf: ['info'] })).toEqual({ keys: '', ways: [], wantsPackets: false });
  });

  it('takes no INFO where the trunk only sends tones', () => {
    expect(listen([info('1', { at: 0, cseq: 2 }), tone], { dtmf: ['in-band'] }).keys).toBe('5');
  });
});
