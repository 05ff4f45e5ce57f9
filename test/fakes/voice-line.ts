import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallLimits, DialInConfig, FromGateway, TrunkConfig } from '../../server/telephony/messages.ts';
import type { CallEnd, CallRequest, IncomingCall } from '../../server/verification/ports.ts';
import { VoiceServer } from '../../sip-gateway/calls/voice-server.ts';
import { createDatachannelEngine } from '../../sip-gateway/media/datachannel-engine.ts';
import type { PromptName } from '../../sip-gateway/prompts/prompt-name.ts';
import { encodeG711 } from '../../sip-gateway/media/g711.ts';
import { toneOf } from '../support/tone-line.ts';
import { TRUNK } from './agent-line.ts';
import { SipSwitch } from './sip-switch.ts';
import { TestPhone, type PhoneCall } from './test-phone.ts';
import { promptsIn, TINY_LOCALE, writeTinyPrompts } from './tiny-prompts.ts';
import { until } from '../support/until.ts';

export interface VoiceLineOptions {
  readonly trunk?: Partial<TrunkConfig>;
  readonly limits?: Partial<CallLimits>;
  readonly speechCommand?: string;
  readonly dialIn?: DialInConfig;
}

/** The whole voice server, a switch and a phone on loopback; the test plays the web server and the person. */
export interface VoiceLine {
  readonly server: VoiceServer;
  readonly switchboard: SipSwitch;
  readonly phone: TestPhone;
  readonly messages: FromGateway[];
  /** `progress` of a call so far, such as `collecting 3`. */
  progress(callId: string): string[];
  place(request?: Partial<CallRequest>): string;
  /** The call that came in last, once it has. */
  incoming(nth?: number): Promise<IncomingCall>;
  /** The next code that was keyed. */
  code(callId: string, seq?: number): Promise<string>;
  ended(callId: string): Promise<CallEnd>;
  close(): Promise<void>;
}

const LIMITS: CallLimits = { ring: 5_000, call: 20_000, media: 5_000, firstKey: 3_000, nextKey: 3_000 };

export async function openVoiceLine({
  trunk = {},
  limits = {},
  speechCommand,
  dialIn,
}: VoiceLineOptions = {}): Promise<VoiceLine> {
  const promptsDir = await mkdtemp(join(tmpdir(), 'ringproof-prompts-'));
  await writeTinyPrompts(promptsDir);
  const switchboard = await SipSwitch.start();
  const engine = createDatachannelEngine();
  const phone = await TestPhone.start(switchboard.url, engine);
  const messages: FromGateway[] = [];
  let placed = 0;
  const server = await VoiceServer.start({
    config: {
      trunks: [{ url: switchboard.url, ...TRUNK, ...trunk }],
      defaultLocale: TINY_LOCALE,
      promptsDir,
      limits: { ...LIMITS, ...limits },
      ...(speechCommand !== undefined && { speechCommand }),
      ...(dialIn && { dialIn }),
    },
    instanceId: () => '6f1ed002-ab5d-4b3c-8e1f-000000000002',
    now: Date.now,
    send: (message) => messages.push(message),
  });
  await until(() => messages.some((message) => message.type === 'status' && message.status.ready));

  return {
    server,
    switchboard,
    phone,
    messages,
    progress: (callId) =>
      messages.flatMap((message) => {
        if (message.type !== 'progress' || message.callId !== callId) return [];
        const { state, keys } = message.progress;
        return [keys === undefined ? state : `${state} ${keys}`];
      }),
    place(request = {}) {
      placed += 1;
      const call: CallRequest = {
        id: `call-${placed}`,
        to: '1001',
        method: 'keypad',
        locale: TINY_LOCALE,
        codeLength: 6,
        gateDigits: 0,
        ...request,
      };
      server.receive({ type: 'place', call });
      return call.id;
    },
    incoming: (nth = 1) =>
      soon(() => {
        const found = messages.filter((one) => one.type === 'incoming')[nth - 1];
        return found?.call;
      }),
    code: (callId, seq = 1) =>
      soon(() => {
        const found = messages.find((one) => one.type === 'code' && one.callId === callId && one.seq === seq);
        return found?.type === 'code' ? found.code : undefined;
      }),
    ended: (callId) =>
      soon(() => {
        const found = messages.find((one) => one.type === 'ended' && one.callId === callId);
        return found?.type === 'ended' ? found.end : undefined;
      }),
    async close() {
      await server.close();
      phone.close();
      engine.close();
      await switchboard.close();
      await rm(promptsDir, { recursive: true });
    },
  };
}

/** What there is to be found, once it is there. */
async function soon<T>(find: () => T | undefined): Promise<T> {
  let found: T | undefined;
  await until(() => (found = find()) !== undefined);
  if (found === undefined) throw new Error('nothing was found');
  return found;
}

/** Waits until the phone has heard this prompt so many times, and says what it has heard until then. */
export async function heard(call: PhoneCall, prompt: PromptName, times = 1): Promise<PromptName[]> {
  return soon(() => {
    const prompts = promptsIn(call.packets);
    return prompts.filter((name) => name === prompt).length >= times ? prompts : undefined;
  });
}

/** The digits that the gate asks for first, once they have all been said. */
export async function gateDigits(call: PhoneCall, count = 1): Promise<string> {
  await heard(call, 'gate-ask');
  return soon(() => {
    const said = promptsIn(call.packets).filter((name) => name.startsWith('digit-'));
    return said.length < count ? undefined : said.map((name) => name.slice('digit-'.length)).join('');
  });
}

/** Keys digits by INFO, as most gateways do. */
export function keyByInfo(call: PhoneCall, keys: string): void {
  for (const key of keys) call.session.sendInfo('application/dtmf-relay', `Signal=${key}\r\nDuration=160`);
}

/** Keys digits by RFC 4733: three packets while the key is down, three when it is let go. */
export function keyByRtp(call: PhoneCall, keys: string, from = 0): void {
  const payloadType = call.media.negotiated?.telephoneEvent ?? 101;
  Array.from(keys).forEach((key, index) => {
    const event = '0123456789*#'.indexOf(key);
    const time = from + index * 1600;
    for (const [end, duration] of [
      [0, 160],
      [0, 320],
      [0, 480],
      [0x80, 640],
      [0x80, 640],
      [0x80, 640],
    ] as const) {
      const payload = Uint8Array.of(event, end | 10, duration >> 8, duration & 0xff);
      call.media.send(call.media.stream.next(payload, { payloadType, time, marker: duration === 160 }));
    }
  });
}

/** Keys digits as tones of 60 ms in the audio, with as much silence after each. */
export function keyByTone(call: PhoneCall, keys: string): void {
  const silence = new Int16Array(480);
  const samples = Array.from(keys, (key) => [...toneOf(key, 480), ...silence]).flat();
  const audio = encodeG711(Int16Array.from(samples), 'PCMU');
  for (let time = 0; time < audio.length; time += 160) {
    call.media.send(call.media.stream.next(audio.subarray(time, time + 160), { payloadType: 0, time }));
  }
}
