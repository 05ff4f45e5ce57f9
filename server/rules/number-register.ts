import { z } from 'zod';
import type { KeyedHash } from '../verification/keyed-hash.ts';
import { callingCodeOf } from '../verification/number-kind.ts';
import type { DoNotCall } from '../verification/ports.ts';
import { numberKeys, numberSubject } from './counted-call.ts';
import type { Refusals } from './do-not-call.ts';
import type { LedgerLine } from './ledger.ts';

const at = z.number().int();
const number = z.string().min(1);

const registerLine = z.discriminatedUnion('type', [
  /** `shown` is all that is readable of the number, such as `+1…23`. */
  z.strictObject({ type: z.literal('refuse'), at, number, shown: z.string(), why: z.string().max(40) }),
  z.strictObject({ type: z.literal('ring-again'), at, number, shown: z.exactOptional(z.string()) }),
  z.strictObject({ type: z.literal('forgive'), at, number, shown: z.exactOptional(z.string()) }),
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

/** What the operator said by a command, beside the server or while it did not run. */
export interface OperatorDecision {
  readonly at: number;
  readonly what: 'do-not-call.added' | 'do-not-call.removed' | 'wrong-codes.forgiven';
  readonly shown: string;
}

export interface NumberRegisterDeps {
  readonly lines: SharedLines;
  readonly hash: KeyedHash;
  readonly now: () => number;
  /** Told of each decision that is read, of old ones too. */
  readonly onDecision?: (decision: OperatorDecision) => void;
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
      const what = decisionIn(line);
      if (what) this.#deps.onDecision?.({ at: line.at, what, shown: line.shown ?? '…' });
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
    const line = { type: 'refuse', ...this.#now(to), why } as const;
    // At once, and not when the disk is done: the next request may be there before.
    this.#refused.set(line.number, line);
    await this.#deps.lines.append(line);
  }

  async remove(to: string): Promise<void> {
    const line = { type: 'ring-again', ...this.#now(to) } as const;
    await this.#deps.lines.append(line);
    const { formerNumber } = numberKeys(this.#deps.hash, to);
    // Also where an older version has put it.
    if (formerNumber !== undefined && this.#refused.has(formerNumber)) {
      await this.#deps.lines.append({ ...line, number: formerNumber });
    }
  }

  /** Wrong codes for this number are forgotten. */
  async forgive(to: string): Promise<void> {
    await this.#deps.lines.append({ type: 'forgive', ...this.#now(to) });
  }

  #now(to: string) {
    const { hash, now } = this.#deps;
    return { at: now(), number: numberSubject(hash, to), shown: shownOf(to) };
  }
}

function decisionIn(line: RegisterLine): OperatorDecision['what'] | undefined {
  if (line.type === 'forgive') return 'wrong-codes.forgiven';
  if (line.type === 'ring-again') return 'do-not-call.removed';
  return line.why === 'operator' ? 'do-not-call.added' : undefined;
}

function shownOf(to: string): string {
  return to.startsWith('+') ? `${callingCodeOf(to) ?? '+'}…${to.slice(-2)}` : `…${to.slice(-2)}`;
}
