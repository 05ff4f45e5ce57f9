import { z } from 'zod';
import type { KeyedHash } from '../verification/keyed-hash.ts';
import { callingCodeOf } from '../verification/number-kind.ts';
import type { DoNotCall } from '../verification/ports.ts';
import { numberSubject } from './counted-call.ts';
import type { Refusals } from './do-not-call.ts';
import type { LedgerLine } from './ledger.ts';

const at = z.number().int();
const number = z.string().min(1);

const registerLine = z.discriminatedUnion('type', [
  /** `shown` is all that is readable of the number, such as `+1…23`. */
  z.strictObject({ type: z.literal('refuse'), at, number, shown: z.string(), why: z.string().max(40) }),
  z.strictObject({ type: z.literal('ring-again'), at, number }),
  z.strictObject({ type: z.literal('forgive'), at, number }),
]);
export type RegisterLine = z.output<typeof registerLine>;

/** @throws when this is no line of ours. */
export function decodeRegisterLine(json: unknown): RegisterLine {
  return registerLine.parse(json);
}

/** Lines that another process, such as the operator's command, may add to. */
interface SharedLines {
  hasNew(): boolean;
  readNew(): Promise<readonly RegisterLine[]>;
  append(line: RegisterLine): Promise<void>;
}

export interface Entry {
  readonly shown: string;
  readonly why: string;
  readonly at: number;
}

export interface NumberRegisterDeps {
  readonly lines: SharedLines;
  readonly hash: KeyedHash;
  readonly now: () => number;
}

/** The do-not-call list, and the numbers whose wrong codes the operator forgave. */
export class NumberRegister implements DoNotCall, Refusals {
  readonly #deps: NumberRegisterDeps;
  readonly #refused = new Map<string, Entry>();

  constructor(deps: NumberRegisterDeps) {
    this.#deps = deps;
  }

  /** Whether something was added since the last refresh. */
  get isBehind(): boolean {
    return this.#deps.lines.hasNew();
  }

  /** Reads what was added since, also by other processes; gives what the wrong codes have to know of it. */
  async refresh(): Promise<readonly LedgerLine[]> {
    const forgiven: LedgerLine[] = [];
    for (const line of await this.#deps.lines.readNew()) {
      if (line.type === 'refuse') this.#refused.set(line.number, line);
      if (line.type === 'ring-again') this.#refused.delete(line.number);
      if (line.type === 'forgive') forgiven.push({ type: 'forgiven', at: line.at, number: line.number });
    }
    return forgiven;
  }

  reasonFor(subject: string): string | undefined {
    return this.#refused.get(subject)?.why;
  }

  /** As of the last refresh, oldest first. */
  get entries(): readonly Entry[] {
    return [...this.#refused.values()];
  }

  async add(to: string, why: 'reported' | 'operator'): Promise<void> {
    const line = { type: 'refuse', at: this.#deps.now(), number: this.#subject(to), shown: shownOf(to), why } as const;
    // At once, and not when the disk is done: the next request may be there before.
    this.#refused.set(line.number, line);
    await this.#deps.lines.append(line);
  }

  async remove(to: string): Promise<void> {
    await this.#deps.lines.append({ type: 'ring-again', at: this.#deps.now(), number: this.#subject(to) });
  }

  /** Wrong codes for this number are forgotten. */
  async forgive(to: string): Promise<void> {
    await this.#deps.lines.append({ type: 'forgive', at: this.#deps.now(), number: this.#subject(to) });
  }

  #subject(to: string): string {
    return numberSubject(this.#deps.hash, to);
  }
}

function shownOf(to: string): string {
  return to.startsWith('+') ? `${callingCodeOf(to) ?? '+'}…${to.slice(-2)}` : `…${to.slice(-2)}`;
}
