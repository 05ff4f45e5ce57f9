import { Census } from './census.ts';
import { drawFault } from './fault.ts';
import { memory, type Memory } from './memory.ts';
import { seeded } from './random.ts';
import { sleep } from './sleep.ts';
import { SoakPhone } from './soak-phone.ts';
import { SoakWorld } from './soak-world.ts';

export interface SoakOptions {
  readonly calls: number;
  readonly atOnce: number;
  readonly seed: number;
}

export interface SoakReport {
  readonly calls: number;
  /** How many verifications ended in which way, and by which faults. */
  readonly ends: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  /** What the voice server held before the first call, and once all was over. */
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
  /** Verifications and calls that never ended. */
  readonly pending: number;
  readonly inCall: number;
  /** What the product said went wrong inside it. */
  readonly complaints: readonly string[];
  /** After each quarter of the calls, the last one once all was over. */
  readonly memory: readonly Memory[];
}

const QUARTERS = 4;
/** Transactions without an answer live 32 s (RFC 3261 §9.1 and 17.1.1.2). */
const SETTLES_WITHIN = 45_000;

/** Calls through the whole product in one process, each with a fault of its own at a moment of its own. */
export async function soak({ calls, atOnce, seed }: SoakOptions): Promise<SoakReport> {
  const random = seeded(seed);
  const census = new Census();
  const world = await SoakWorld.open();
  const look = (): Record<string, number> => ({
    ...world.telephony.load,
    timers: census.timers,
    handles: census.handles,
  });
  const before = look();
  const phones = await Promise.all(Array.from({ length: atOnce }, async (_, n) => SoakPhone.open(world, n)));
  const faults: Record<string, number> = {};
  let placed = 0;
  const memories: Memory[] = [];
  const worker = async (phone: SoakPhone): Promise<void> => {
    while (placed < calls) {
      placed += 1;
      if (placed % Math.ceil(calls / QUARTERS) === 0) memories.push(memory());
      const fault = drawFault(random);
      faults[fault.name] = (faults[fault.name] ?? 0) + 1;
      await phone.call(fault, random);
    }
  };
  await Promise.all(phones.map(worker));

  for (const phone of phones) phone.close();
  const limit = Date.now() + SETTLES_WITHIN;
  let after = look();
  while (!isNoMore(after, before) && Date.now() < limit) {
    await sleep(250);
    after = look();
  }
  await world.settle();
  const report = {
    calls: placed,
    ends: world.ends,
    faults,
    before,
    after,
    pending: (await world.store.pending()).length,
    inCall: (await world.store.inCall()).length,
    complaints: world.complaints,
    memory: [...memories.slice(0, QUARTERS - 1), memory()],
  };
  census.close();
  await world.close();
  return report;
}

function isNoMore(now: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>): boolean {
  return Object.keys(before).every((name) => (now[name] ?? 0) <= (before[name] ?? 0));
}
