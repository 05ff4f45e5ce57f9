import { describe, expect, it } from 'vitest';
import {
  readTelephoneEvent,
  telephoneEventsOf,
  writeTelephoneEvent,
} from '../../../sip-gateway/dtmf/telephone-event.ts';

describe('a telephone event', () => {
  it('is read from four bytes', () => {
    expect(readTelephoneEvent(Uint8Array.of(11, 0x8a, 0x05, 0x00))).toEqual({
      event: 11,
      end: true,
      volume: 10,
      duration: 1280,
    });
  });

  it('is not read from fewer', () => {
    expect(readTelephoneEvent(Uint8Array.of(11, 0x8a, 0x05))).toBeUndefined();
  });

  it('is written as it is read', () => {
    const event = { event: 5, end: false, volume: 63, duration: 65_535 };
    expect(readTelephoneEvent(writeTelephoneEvent(event))).toEqual(event);
  });
});

const read = (key: string, ms: number) => telephoneEventsOf(key, ms).map(({ payload }) => readTelephoneEvent(payload));

describe('the packets of one key press', () => {
  it('grow by 20 ms each and tell the end three times', () => {
    expect(read('#', 60)).toEqual([
      { event: 11, end: false, volume: 10, duration: 160 },
      { event: 11, end: false, volume: 10, duration: 320 },
      { event: 11, end: true, volume: 10, duration: 480 },
      { event: 11, end: true, volume: 10, duration: 480 },
      { event: 11, end: true, volume: 10, duration: 480 },
    ]);
  });

  it('have the marker on the first alone', () => {
    expect(telephoneEventsOf('1', 40).map(({ marker }) => marker)).toEqual([true, false, false, false]);
  });

  it('are as many as eight seconds have at most', () => {
    expect(read('1', 60_000).at(-1)?.duration).toBe(64_000);
  });

  it('are none for what is not a key', () => {
    expect(telephoneEventsOf('x', 100)).toEqual([]);
  });
});
