import { describe, expect, it, onTestFinished } from 'vitest';
import type { MediaEngine, MediaPeer, MediaPeerOptions } from '../../sip-gateway/media/media-engine.ts';
import { negotiate } from '../../sip-gateway/media/negotiated.ts';
import { readRtp, RtpStream } from '../../sip-gateway/media/rtp.ts';
import { readAudio, withChosenRole } from '../../sip-gateway/sip/sdp.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { portRange } from '../support/port-range.ts';
import { until } from '../support/until.ts';

const OPTIONS: MediaPeerOptions = { address: '127.0.0.1', codecs: ['PCMU', 'PCMA'], dtlsSetup: 'actpass', ssrc: 4711 };

/**
 * What every media engine has to do. Peers meet in the roles that no engine can lose a race in (`actpass`: the
 * field notes §8 have why).
 */
export function mediaEngineContract(create: (options: { onFault: (error: unknown) => void }) => MediaEngine): void {
  function open(onFault: (error: unknown) => void = () => {}): MediaEngine {
    const engine = create({ onFault });
    onTestFinished(() => engine.close());
    return engine;
  }

  describe('an offer', () => {
    it('is complete: a real address and port, its candidate, DTLS, ICE', async () => {
      const sdp = await open().createPeer(OPTIONS).offer();
      expect(sdp).toMatch(/^c=IN IP4 127\.0\.0\.1\r$/m);
      expect(sdp).toMatch(/^a=candidate:.* 127\.0\.0\.1 \d+ typ host\r$/m);
      expect(Object.values(readAudio(sdp) ?? {})).not.toContain(undefined);
      expect(readAudio(sdp)?.port).toBeGreaterThan(1023);
      expect(sdp).toMatch(/^a=ssrc:4711 /m);
    });

    it('has the codecs in the order that was asked for, and telephone-event at 8 kHz', async () => {
      const sdp = await open()
        .createPeer({ ...OPTIONS, codecs: ['PCMA', 'PCMU'] })
        .offer();
      expect(readAudio(sdp)?.codecs.map(({ name, clockRate }) => `${name}/${clockRate}`)).toEqual([
        'PCMA/8000',
        'PCMU/8000',
        'TELEPHONE-EVENT/8000',
      ]);
    });

    it.each(['active', 'actpass'] as const)('says a=setup:%s when that is wanted', async (dtlsSetup) => {
      expect(
        await open()
          .createPeer({ ...OPTIONS, dtlsSetup })
          .offer(),
      ).toContain(`a=setup:${dtlsSetup}\r\n`);
    });

    it('stays within the ports that it is given', async () => {
      const ports = portRange(10);
      const port = readAudio(
        await open()
          .createPeer({ ...OPTIONS, ports })
          .offer(),
      )?.port;
      expect(port).toBeGreaterThanOrEqual(ports.from);
      expect(port).toBeLessThanOrEqual(ports.to);
    });
  });

  describe('where no port can be had', () => {
    it('an offer is refused, and made again once another call is over', async () => {
      const engine = open();
      const ports = portRange(2);
      const offer = async () => engine.createPeer({ ...OPTIONS, ports }).offer();
      const first = engine.createPeer({ ...OPTIONS, ports });
      await Promise.all([first.offer(), offer()]);
      await expect(offer()).rejects.toThrow(`from ${ports.from} to ${ports.to} is free`);
      first.close();
      // An engine lets go of a socket on a thread of its own.
      await expect.poll(async () => offer().catch(() => 'refused')).toMatch(/^a=candidate:/m);
    });

    it('all of many calls at once get one, or are refused', async () => {
      const engine = open();
      const ports = portRange(2);
      const offers = Array.from({ length: 5 }, async () => engine.createPeer({ ...OPTIONS, ports }).offer());
      const results = await Promise.allSettled(offers);
      expect(results.map(({ status }) => status).toSorted()).toEqual([
        ...Array.from({ length: 2 }, () => 'fulfilled'),
        ...Array.from({ length: 3 }, () => 'rejected'),
      ]);
    });

    it('an answer is refused, too', async () => {
      const engine = open();
      const offer = await engine.createPeer(OPTIONS).offer();
      const ports = portRange(1);
      await engine.createPeer({ ...OPTIONS, ports }).answer(offer);
      await expect(engine.createPeer({ ...OPTIONS, ports }).answer(offer)).rejects.toThrow(`to ${ports.to} is free`);
    });

    it('the address that this machine does not have is named', async () => {
      const peer = open().createPeer({ ...OPTIONS, address: '203.0.113.9' });
      await expect(peer.offer()).rejects.toThrow('203.0.113.9');
    });
  });

  describe('an answer', () => {
    it('takes the payload types of the offer, and of its codecs those that we speak', async () => {
      const engine = open();
      const offer = (await engine.createPeer(OPTIONS).offer())
        .replace('SAVPF 0 8 101', 'SAVPF 111 8 0 96')
        .replaceAll(':101 ', ':96 ')
        .replace('a=rtpmap:0', 'a=rtpmap:111 opus/48000/2\r\na=rtpmap:0');
      const answer = await engine.createPeer({ ...OPTIONS, codecs: ['PCMU'] }).answer(offer);
      expect(readAudio(answer)?.codecs).toEqual([
        { payloadType: 0, name: 'PCMU', clockRate: 8000 },
        { payloadType: 96, name: 'TELEPHONE-EVENT', clockRate: 8000 },
      ]);
      expect(negotiate(answer, ['PCMU'])?.telephoneEvent).toBe(96);
    });

    it('is refused to an offer without audio', async () => {
      await expect(open().createPeer(OPTIONS).answer('v=0\r\n')).rejects.toThrow(Error);
    });
  });

  describe('two peers', () => {
    it('carry RTP packets both ways as they are, telephone-event too', async () => {
      const [one, other] = await connected(open());
      const got: number[][] = [[], []];
      one.onPacket = (packet) => got[0]?.push(readRtp(packet)?.payload[0] ?? -1);
      other.onPacket = (packet) => got[1]?.push(readRtp(packet)?.payload[0] ?? -1);
      const key = new RtpStream().next(Uint8Array.of(5, 10, 0, 160), { payloadType: 101, time: 0, marker: true });
      await until(() => {
        one.send(key);
        other.send(audio(9));
        return got[0]?.includes(9) && got[1]?.includes(5);
      });
      expect(got[0]).toContain(9);
    });

    it('also where the answer tells of no SSRC, as gateways write it', async () => {
      const engine = open();
      const offerer = engine.createPeer(OPTIONS);
      const answerer = engine.createPeer(OPTIONS);
      const answer = await answerer.answer(await offerer.offer());
      let got = 0;
      offerer.onPacket = () => {
        got += 1;
      };
      offerer.accept(answer.replace(/a=ssrc:.*\r\n/g, ''));
      await until(() => answerer.send(audio(1)) && got > 0);
      expect(got).toBeGreaterThan(0);
    });

    it('keep nothing for a listener that comes late, or comes back', async () => {
      const [one, other] = await connected(open());
      const got: number[] = [];
      const listen = (packet: Uint8Array) => got.push(readRtp(packet)?.payload[0] ?? -1);
      for (const [unheard, fill] of [
        [1, 2],
        [3, 4],
      ] as const) {
        for (let sent = 0; sent < 20; sent += 1) other.send(audio(unheard));
        await roundTrip(other, one);
        one.onPacket = listen;
        await until(() => other.send(audio(fill)) && got.includes(fill));
        one.onPacket = undefined;
      }
      expect([...new Set(got)]).toEqual([2, 4]);
    });

    it('report what a listener throws, and go on', async () => {
      const faults: unknown[] = [];
      const [one, other] = await connected(open((error) => faults.push(error)));
      other.onPacket = () => {
        throw new Error('a listener went wrong');
      };
      await until(() => one.send(audio(1)) && faults.length > 1);
      expect(faults[0]).toBeInstanceOf(Error);
      expect(other.state).toBe('connected');
    });
  });

  describe('a peer', () => {
    it('sends nothing before it is connected, and nothing after it is closed', async () => {
      const engine = open();
      const peer = engine.createPeer(OPTIONS);
      expect(peer.state).toBe('new');
      expect(peer.send(audio(1))).toBe(false);
      const [one] = await connected(engine);
      one.close();
      expect(one.send(audio(1))).toBe(false);
    });

    it('tells its states in order, closed last and once', async () => {
      const engine = open();
      const offerer = engine.createPeer(OPTIONS);
      const states: string[] = [];
      offerer.onState = (state) => states.push(state);
      const answerer = engine.createPeer(OPTIONS);
      offerer.accept(await answerer.answer(await offerer.offer()));
      await until(() => offerer.state === 'connected');
      offerer.close();
      offerer.close();
      expect(states).toEqual(['connecting', 'connected', 'closed']);
    });

    it.each([
      ['before it was connected', async (engine: MediaEngine) => [await offered(engine)]],
      ['after a call', async (engine: MediaEngine) => heard(await connected(engine))],
    ] as const)('that was closed %s is held by nobody any more', async (_, peersOf) => {
      const engine = open();
      const left = (await peersOf(engine)).map((peer) => {
        peer.close();
        return new WeakRef(peer);
      });
      await until(() => {
        collectGarbage();
        return left.every((peer) => peer.deref() === undefined);
      });
      expect(left.map((peer) => peer.deref())).toEqual(left.map(() => undefined));
    });

    it('throws at an answer that cannot be read, and can still be closed', async () => {
      const peer = open().createPeer(OPTIONS);
      await peer.offer();
      expect(() => peer.accept('garbage')).toThrow(Error);
      peer.close();
      expect(peer.state).toBe('closed');
    });

    it('fails or closes when the other side is not who the description says', async () => {
      const engine = open();
      const offerer = engine.createPeer(OPTIONS);
      const answerer = engine.createPeer(OPTIONS);
      const answer = await answerer.answer(await offerer.offer());
      const stranger = answer.replace(/(a=fingerprint:sha-256 )../, (_, name: string) => `${name}00`);
      offerer.accept(withChosenRole(stranger, 'actpass'));
      await until(() => offerer.state === 'failed' || offerer.state === 'closed');
      expect(offerer.send(audio(1))).toBe(false);
    });
  });

  describe('an engine', () => {
    it('closes its peers, twice without harm, and makes no more', () => {
      const engine = create({ onFault: () => {} });
      const peer = engine.createPeer(OPTIONS);
      engine.close();
      engine.close();
      expect(peer.state).toBe('closed');
      expect(() => engine.createPeer(OPTIONS)).toThrow(Error);
    });
  });
}

async function connected(engine: MediaEngine): Promise<[MediaPeer, MediaPeer]> {
  const offerer = engine.createPeer(OPTIONS);
  const answerer = engine.createPeer({ ...OPTIONS, ssrc: 4712 });
  offerer.accept(await answerer.answer(await offerer.offer()));
  await until(() => offerer.state === 'connected' && answerer.state === 'connected');
  return [offerer, answerer];
}

async function offered(engine: MediaEngine): Promise<MediaPeer> {
  const peer = engine.createPeer(OPTIONS);
  await peer.offer();
  return peer;
}

/** Each listens, and has heard the other. */
async function heard(peers: readonly [MediaPeer, MediaPeer]): Promise<readonly MediaPeer[]> {
  const packets = [0, 0];
  for (const [n, peer] of peers.entries()) {
    peer.onPacket = () => {
      packets[n] = (packets[n] ?? 0) + 1;
    };
  }
  await until(() => {
    for (const peer of peers) peer.send(audio(1));
    return packets.every((count) => count > 0);
  });
  return peers;
}

/** What was sent to `sender` before is there once its own packet has come to `other` and an answer back. */
async function roundTrip(other: MediaPeer, sender: MediaPeer): Promise<void> {
  let back = false;
  other.onPacket = () => {
    back = true;
  };
  await until(() => sender.send(audio(0)) && back);
  other.onPacket = undefined;
}

function audio(fill: number): Uint8Array {
  return new RtpStream().next(new Uint8Array(160).fill(fill), { payloadType: 0, time: 0 });
}
