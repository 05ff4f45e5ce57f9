import type { TrunkConfig } from '../../server/telephony/messages.ts';
import type { TrunkStatus } from '../../server/verification/ports.ts';
import type { Agent, AgentCall } from '../agent/agent.ts';
import type { Candidate } from './next-try.ts';
import { TrunkCapacity } from './trunk-capacity.ts';

/** A trunk that failed a call although it seemed to work is not the first to get the next ones; milliseconds. */
const REST = 30_000;

/** What a trunk needs of its agent. */
export interface TrunkAgent extends Pick<Agent, 'status' | 'load' | 'start' | 'close'> {
  place(...how: Parameters<Agent['place']>): Pick<AgentCall, 'media' | 'hangUp' | 'sendInfo'>;
}

/** One trunk: its agent, and what is known of how it does. */
export class Trunk {
  readonly config: TrunkConfig;
  readonly agent: TrunkAgent;
  readonly capacity: TrunkCapacity;
  #restsUntil = 0;

  constructor(config: TrunkConfig, agent: TrunkAgent) {
    this.config = config;
    this.agent = agent;
    this.capacity = new TrunkCapacity(config);
  }

  candidate(now: number): Candidate & { readonly trunk: Trunk } {
    const { ready } = this.agent.status;
    return { trunk: this, ready, resting: now < this.#restsUntil, wait: this.capacity.wait(now) };
  }

  status(now: number): TrunkStatus {
    const isFull = this.capacity.wait(now) === undefined;
    return { name: this.config.name, ...this.agent.status, ...(isFull && { full: true }) };
  }

  /** It did not do what it should. */
  failed(now: number): void {
    this.#restsUntil = now + REST;
  }
}
