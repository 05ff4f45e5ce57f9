import { describe, expect, it } from 'vitest';
import type { Pacer, Tick } from '../../../sip-gateway/media/pacer.ts';
import { createPlayer, type Line } from '../../../sip-gateway/media/player.ts';
import { readRtp, RtpStream, type RtpPacket } from '../../../sip-gateway/media/rtp.ts';

const WORD = Array.from({ length: 3 }, (_, index) => new Uint8Array(160).fill(index + 1));

function desk() {
  const ticks = new Set<Tick>();
  let hastened = 0;
  const pacer: Pacer = {
    add(tick) {
      ticks.add(tick);
      return { hasten: () => void (hastened += 1), leave: () => void ticks.delete(tick) };
    },
    get size() {
      return ticks.size;
    },
    close() {},
  };
  const packets: RtpPacket[] = [];
  const line = {
    state: 'connected' as Line['state'],
    negotiated: { codec: 'PCMU', payloadType: 0 } as Line['negotiated'],
    stream: new RtpStream(),
    send(bytes: Uint8Array) {
      const packet = readRtp(Buffer.from(bytes));
      if (packet) packets.push(packet);
      return true;
    },
  };
  let frame = 100;
  const run = (count: number): void => {
    for (let index = 0; index < count; index += 1, frame += 1) for (const tick of ticks) tick(frame);
  };
  return { player: createPlayer(line, pacer), line, packets, run, pacer, hastened: () => hastened };
}

describe('a player', () => {
  it('sends each frame once, in order, and says when the last is out', () => {
    const { player, packets, run } = desk();
    let played = 0;
    player.play(WORD, () => {
      played += 1;
    });
    run(2);
    expect(played).toBe(0);
    run(1);
    expect(played).toBe(1);
    expect(packets.map(({ payload }) => payload[0])).toEqual([1, 2, 3]);
    expect(packets.map(({ marker }) => marker)).toEqual([true, false, false]);
  });

  it('gives all packets of a key press the time of its beginning, and goes on behind it (RFC 4733 §2.5.1.2)', () => {
    const { player, packets, run, line } = desk();
    line.negotiated = { codec: 'PCMU', payloadType: 0, telephoneEvent: 96 };
    const press = [0, 1, 2].map((since) => ({ payload: Uint8Array.of(5, 10, 0, 160), marker: since === 0, since }));
    player.play([...WORD, ...press, ...WORD], () => {});
    run(9);
    const start = packets[0]?.timestamp ?? 0;
    expect(packets.map(({ timestamp }) => ((timestamp - start) >>> 0) / 160)).toEqual([0, 1, 2, 3, 3, 3, 6, 7, 8]);
    expect(packets.slice(3, 6).map(({ payloadType, marker }) => [payloadType, marker])).toEqual([
      [96, true],
      [96, false],
      [96, false],
    ]);
  });

  it('begins after a silence at the next place of the frame time, and goes on in its own without one', () => {
    const { player, run, hastened } = desk();
    player.play(WORD, () => {});
    expect(hastened()).toBe(1);
    run(2);
    player.play(WORD, () => {});
    run(3);
    player.play(WORD, () => {});
    expect(hastened()).toBe(1);
    run(3 + 10);
    player.play(WORD, () => {});
    expect(hastened()).toBe(2);
  });

  it('lets RTP time run on through silence and marks the next word (RFC 3551 §4.1)', () => {
    const { player, packets, run } = desk();
    player.play(WORD, () => {});
    run(3 + 10);
    player.play(WORD, () => {});
    run(1);
    const [first, , , next] = packets;
    expect(((next?.timestamp ?? 0) - (first?.timestamp ?? 0)) >>> 0).toBe(13 * 160);
    expect(next?.marker).toBe(true);
    expect(next?.sequence).toBe(((first?.sequence ?? 0) + 3) & 0xffff);
  });

  it('sends one frame of silence each second while nothing is said', () => {
    const { packets, run } = desk();
    run(200);
    expect(packets).toHaveLength(4);
    expect(packets.every(({ payload }) => payload.every((byte) => byte === 0xff))).toBe(true);
  });

  it('plays what comes next from within the end of what was before, without a gap', () => {
    const { player, packets, run } = desk();
    player.play(WORD, () => player.play(WORD, () => {}));
    run(6);
    expect(packets.map(({ payload }) => payload[0])).toEqual([1, 2, 3, 1, 2, 3]);
    expect(packets.map(({ marker }) => marker)).toEqual([true, false, false, false, false, false]);
  });

  it('stops in the middle and never says that it was played', () => {
    const { player, packets, run } = desk();
    let played = false;
    player.play(WORD, () => {
      played = true;
    });
    run(1);
    player.stop();
    run(10);
    expect(packets.filter(({ payload }) => payload[0] !== 0xff)).toHaveLength(1);
    expect(played).toBe(false);
  });

  it('says at once that nothing at all was played', () => {
    const { player, run } = desk();
    let played = false;
    player.play([], () => {
      played = true;
    });
    run(1);
    expect(played).toBe(true);
  });

  it('waits while media are lost, and goes on where it was', () => {
    const { player, line, packets, run } = desk();
    player.play(WORD, () => {});
    run(1);
    line.state = 'setting-up';
    run(20);
    line.state = 'connected';
    run(2);
    expect(packets.map(({ payload }) => payload[0])).toEqual([1, 2, 3]);
    expect(packets[1]?.marker).toBe(true);
  });

  it('leaves the clock when it is closed', () => {
    const { player, pacer } = desk();
    player.close();
    player.close();
    expect(pacer.size).toBe(0);
  });
});
