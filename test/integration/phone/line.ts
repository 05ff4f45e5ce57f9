import { randomUUID } from 'node:crypto';
import { vi } from 'vitest';
import { Agent, type AgentCall, type AgentCallEnd } from '../../../sip-gateway/agent/agent.ts';
import type { InfoRequest } from '../../../sip-gateway/dtmf/key-ear.ts';
import { createDatachannelEngine } from '../../../sip-gateway/media/datachannel-engine.ts';
import type { Codec } from '../../../sip-gateway/media/media-engine.ts';
import { createPacer } from '../../../sip-gateway/media/pacer.ts';
import { createPlayer, type Player } from '../../../sip-gateway/media/player.ts';
import type { PhoneManner } from '../../../sip-gateway/phone/phone-call.ts';
import type { PhoneEvent } from '../../../sip-gateway/phone/phone-event.ts';
import { TesterPhone } from '../../../sip-gateway/phone/tester-phone.ts';
import type { Utterance } from '../../../sip-gateway/prompts/prompt-name.ts';
import { loadPromptLibrary } from '../../../sip-gateway/prompts/prompt-library.ts';
import { utteranceFrames } from '../../../sip-gateway/prompts/utterance-frames.ts';
import { createProxy } from '../../../sip-gateway/proxy/proxy.ts';

const NUMBER = '+12025550123';
const DOMAIN = 'phone.test';

const library = await loadPromptLibrary({ defaultLocale: 'en' });
const PACKS = library.locales.map((locale) => library.pack(locale));

export interface CallerCall {
  readonly call: AgentCall;
  readonly infos: readonly InfoRequest[];
  /** RTP packets that came from the phone. */
  readonly packets: readonly Uint8Array[];
  /** Media flows; rejects if the call ends before. */
  readonly up: Promise<void>;
  readonly ended: Promise<AgentCallEnd>;
  /** Says this; resolves when the last of it was sent. */
  say(utterance: Utterance): Promise<void>;
  hush(): void;
}

export interface PhoneLine {
  readonly phone: TesterPhone;
  readonly events: readonly PhoneEvent[];
  readonly url: string;
  ring(): CallerCall;
  close(): Promise<void>;
}

export interface LineOptions {
  readonly manner?: Partial<PhoneManner>;
  readonly password?: string;
  readonly phonePassword?: string;
  readonly codecs?: readonly Codec[];
  /** Milliseconds. */
  readonly ringLimit?: number;
}

/** A tester's phone on a real proxy, and an agent that calls it with real media. */
export async function openPhoneLine(options: LineOptions = {}): Promise<PhoneLine> {
  const { manner = {}, password, phonePassword = password, codecs = ['PCMU', 'PCMA'], ringLimit = 5_000 } = options;
  const proxy = createProxy({ domain: DOMAIN, clock: Date.now, ...(password !== undefined && { password }) });
  const url = await proxy.listen({ port: 0, path: '/sip' });
  const engine = createDatachannelEngine();
  const pacer = createPacer();
  const events: PhoneEvent[] = [];
  const agent = new Agent({
    trunk: {
      name: 'local',
      url,
      uri: `sip:caller@${DOMAIN}`,
      register: true,
      dtlsSetup: 'active',
      codecs,
      dtmf: 'auto',
      ...(password !== undefined && { password }),
    },
    limits: { ring: ringLimit, media: 5_000 },
    engine,
    instanceId: randomUUID(),
    onStatus: () => {},
  });
  const phone = new TesterPhone({
    phoneNumber: NUMBER,
    url,
    domain: DOMAIN,
    packs: PACKS,
    engine,
    manner: { answerAfter: 0, ...manner },
    now: Date.now,
    onEvent: (event) => events.push(event),
    ...(phonePassword !== undefined && { password: phonePassword }),
  });
  const players: Player[] = [];
  const close = async () => {
    for (const player of players) player.close();
    await Promise.all([phone.close(), agent.close()]);
    pacer.close();
    engine.close();
    await proxy.close();
  };

  function ring(): CallerCall {
    const infos: InfoRequest[] = [];
    const packets: Uint8Array[] = [];
    const up = signal();
    const ended = signal<AgentCallEnd>();
    const call = agent.place(NUMBER, {
      onRinging: () => {},
      onAnswered: () => {},
      onMedia: () => up.give(),
      onInfo: (info) => infos.push(info),
      onEnded: (end) => {
        up.fail(new Error(`the call ended as ${end.outcome}`));
        ended.give(end);
      },
    });
    call.media.onPacket = (packet) => packets.push(Buffer.from(packet));
    const player = createPlayer(call.media, pacer);
    players.push(player);
    const say = async (utterance: Utterance) => {
      const codec = call.media.negotiated?.codec ?? 'PCMU';
      const frames = [...utteranceFrames(library.pack('en'), utterance, codec)];
      await new Promise<void>((resolve) => {
        player.play(frames, resolve);
      });
    };
    return { call, infos, packets, up: up.promise, ended: ended.promise, say, hush: () => player.stop() };
  }

  try {
    agent.start();
    await phone.register(5_000);
    await vi.waitUntil(() => agent.status.ready, { timeout: 5_000, interval: 5 });
  } catch (error) {
    await close();
    throw error;
  }
  return { phone, events, url, ring, close };
}

/** A promise that is settled from outside. */
function signal<Value = void>() {
  const settle: { give?: (value: Value) => void; fail?: (error: Error) => void } = {};
  const promise = new Promise<Value>((resolve, reject) => {
    settle.give = resolve;
    settle.fail = reject;
  });
  promise.catch(() => {}); // a test that does not wait for it must not fail by it
  return { promise, give: (value: Value) => settle.give?.(value), fail: (error: Error) => settle.fail?.(error) };
}
