import type { TrunkConfig } from '../../server/telephony/messages.ts';
import type { TelephonyStatus } from '../../server/verification/ports.ts';
import {
  Agent,
  type AgentCall,
  type AgentCallEnd,
  type AgentCallEvents,
  type AgentOptions,
} from '../../sip-gateway/agent/agent.ts';
import type { IncomingCall } from '../../sip-gateway/agent/incoming-call.ts';
import type { InfoRequest } from '../../sip-gateway/dtmf/key-ear.ts';
import { createDatachannelEngine } from '../../sip-gateway/media/datachannel-engine.ts';
import type { MediaEngine } from '../../sip-gateway/media/media-engine.ts';
import { SipSwitch } from './sip-switch.ts';
import { TestPhone } from './test-phone.ts';
import { until } from '../support/until.ts';

export interface LineOptions {
  readonly trunk?: Partial<TrunkConfig>;
  readonly limits?: AgentOptions['limits'];
  readonly timing?: AgentOptions['timing'];
  /** Calls that come in ring; without it they are declined. */
  readonly takesCalls?: boolean;
  /** The agent's media engine, when it is to misbehave; closed with the line. */
  readonly engine?: MediaEngine;
}

/** A call as a test sees it. */
export interface SeenCall extends Watched {
  readonly call: AgentCall;
}

interface Watched {
  readonly seen: string[];
  readonly infos: InfoRequest[];
  readonly ended: Promise<AgentCallEnd>;
  /** Media flows; rejects if the call ends before. */
  readonly up: Promise<void>;
}

/** An agent, a switch and a phone on loopback, with real SIP and real media. */
export interface Line {
  readonly agent: Agent;
  readonly switchboard: SipSwitch;
  readonly phone: TestPhone;
  readonly statuses: TelephonyStatus[];
  readonly faults: unknown[];
  readonly place: (to?: string) => SeenCall;
  /** The calls that came in. */
  readonly incoming: IncomingCall[];
  readonly close: () => Promise<void>;
}

export const TRUNK: Omit<TrunkConfig, 'url'> = {
  name: 'default',
  uri: 'sip:agent@example.test',
  register: true,
  dtlsSetup: 'active',
  codecs: ['PCMU', 'PCMA'],
  dtmf: 'auto',
};

export async function openLine(options: LineOptions = {}): Promise<Line> {
  const switchboard = await SipSwitch.start();
  const phoneEngine = createDatachannelEngine();
  const engine = options.engine ?? createDatachannelEngine();
  const phone = await TestPhone.start(switchboard.url, phoneEngine);
  const statuses: TelephonyStatus[] = [];
  const faults: unknown[] = [];
  const incoming: IncomingCall[] = [];
  const agent = new Agent({
    trunk: { url: switchboard.url, ...TRUNK, ...options.trunk },
    limits: options.limits ?? { ring: 5_000, media: 5_000 },
    engine,
    instanceId: '6f1ed002-ab5d-4b3c-8e1f-000000000001',
    onStatus: (status) => statuses.push(status),
    onFault: (error) => faults.push(error),
    timing: options.timing ?? {},
    ...(options.takesCalls === true && {
      dialIn: { most: 2, trustsGateway: true },
      onIncoming: (call) => incoming.push(call),
    }),
  });
  agent.start();
  await until(() => agent.status.ready);

  return {
    agent,
    switchboard,
    phone,
    statuses,
    faults,
    place: (to = '1001') => place(agent, to),
    incoming,
    async close() {
      await agent.close();
      phone.close();
      engine.close();
      phoneEngine.close();
      await switchboard.close();
    },
  };
}

export function place(agent: Agent, to: string): SeenCall {
  const { events, ...watched } = watch();
  return { call: agent.place(to, events), ...watched };
}

/** Answers a call that came in. */
export function answer(call: IncomingCall): Watched {
  const { events, ...watched } = watch();
  call.answer(events);
  return watched;
}

function watch(): Watched & { readonly events: AgentCallEvents } {
  const seen: string[] = [];
  const infos: InfoRequest[] = [];
  let onEnded: (end: AgentCallEnd) => void = nobody;
  let onUp: () => void = nobody;
  let onNeverUp: (error: Error) => void = nobody;
  const ended = new Promise<AgentCallEnd>((resolve) => {
    onEnded = resolve;
  });
  const up = new Promise<void>((resolve, reject) => {
    onUp = resolve;
    onNeverUp = reject;
  });
  up.catch(nobody); // a test that does not wait for it must not fail by it
  const events: AgentCallEvents = {
    onRinging: () => seen.push('ringing'),
    onAnswered: () => seen.push('answered'),
    onMedia: () => {
      seen.push('media');
      onUp();
    },
    onInfo: (info) => infos.push(info),
    onEnded: (how) => {
      seen.push(`ended ${how.outcome}`);
      onNeverUp(new Error(`the call never came up: ${seen.join(', ')}`));
      onEnded(how);
    },
  };
  return { events, seen, infos, ended, up };
}

function nobody(): void {}

/** Waits until nothing of any call is left on either side, JsSIP's 32 s timers for late answers aside. */
export async function untilIdle(line: Pick<Line, 'agent' | 'phone'>): Promise<void> {
  await until(() => line.agent.load.sessions === 0 && line.agent.load.dialogs === 0 && line.phone.load.sessions === 0);
}
