import type { CallLimits, DialInConfig, TrunkConfig } from '../../server/telephony/messages.ts';
import { trunksFor } from '../../server/telephony/trunk-choice.ts';
import type { TelephonyStatus } from '../../server/verification/ports.ts';
import { Agent, type AgentLoad } from '../agent/agent.ts';
import type { IncomingCall } from '../agent/incoming-call.ts';
import type { MediaEngine } from '../media/media-engine.ts';
import { TrunkCall, type TrunkCallEvents, type TrunkRoute } from './trunk-call.ts';
import { statusOf } from './trunks-status.ts';
import { Trunk } from './trunk.ts';

export interface TrunksOptions {
  /** At least one, in order of preference. */
  readonly trunks: readonly TrunkConfig[];
  readonly limits: Pick<CallLimits, 'ring' | 'media'>;
  readonly engine: MediaEngine;
  /** See AgentOptions. */
  readonly instanceId: (trunk: TrunkConfig) => string;
  /** See AgentOptions; `most` is of each trunk. */
  readonly dialIn?: DialInConfig;
  readonly onIncoming?: (call: IncomingCall, trunk: TrunkConfig) => void;
  /** Told of every change. */
  readonly onStatus: (status: TelephonyStatus) => void;
  readonly onFault: (error: unknown) => void;
  readonly now: () => number;
  /** See TrunkCallParts; tests shorten it. */
  readonly silence?: number;
}

/** All trunks of a voice server, each with an agent and a registration of its own. */
export class Trunks {
  readonly #options: TrunksOptions;
  readonly #trunks: readonly Trunk[];
  #said = '';

  constructor(options: TrunksOptions) {
    this.#options = options;
    const { trunks, limits, engine, instanceId, onFault, dialIn, onIncoming } = options;
    this.#trunks = trunks.map((trunk) => {
      const onStatus = (): void => this.#tellStatus();
      const agent = new Agent({
        trunk,
        limits,
        engine,
        instanceId: instanceId(trunk),
        onFault,
        onStatus,
        ...(dialIn && { dialIn }),
        ...(onIncoming && { onIncoming: (call: IncomingCall) => onIncoming(call, trunk) }),
      });
      return new Trunk(trunk, agent);
    });
  }

  get status(): TelephonyStatus {
    const now = this.#options.now();
    return statusOf(this.#trunks.map((trunk) => trunk.status(now)));
  }

  get load(): AgentLoad {
    const loads = this.#trunks.map(({ agent }) => agent.load);
    const sum = (name: keyof AgentLoad): number => loads.reduce((total, load) => total + load[name], 0);
    return {
      calls: sum('calls'),
      lateByes: sum('lateByes'),
      sessions: sum('sessions'),
      dialogs: sum('dialogs'),
      transactions: sum('transactions'),
      listeners: sum('listeners'),
    };
  }

  /** Says how they are, and connects in the background. */
  start(): void {
    this.#tellStatus();
    for (const { agent } of this.#trunks) agent.start();
  }

  /** Places a call and returns at once; whatever becomes of it, `events.onEnded` is called once. */
  place(route: TrunkRoute, events: TrunkCallEvents): TrunkCall {
    const { limits, now, silence } = this.#options;
    const carriers = trunksFor(
      route,
      this.#trunks.map((trunk) => ({ ...trunk.config, trunk })),
    );
    const parts = {
      trunks: carriers.map(({ trunk }) => trunk),
      ring: limits.ring,
      now,
      ...(silence !== undefined && { silence }),
      onLoad: () => this.#tellStatus(),
    };
    return new TrunkCall(parts, route, events);
  }

  /** Hangs up all calls, unregisters, disconnects. Harmless when called twice. */
  async close(): Promise<void> {
    await Promise.all(this.#trunks.map(async ({ agent }) => agent.close()));
  }

  #tellStatus(): void {
    const status = this.status;
    const text = JSON.stringify(status);
    if (text === this.#said) return;
    this.#said = text;
    this.#options.onStatus(status);
  }
}
