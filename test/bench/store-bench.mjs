// What a creation costs on disk, while other verifications are live:
//   npm run build:server && node test/bench/store-bench.mjs [live=10000] [perSecond=100] [seconds=20]
// Each call reports eight steps and a verdict, as a real one does, so creations compete with their writes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LowdbStore } from '../../dist/server/storage/lowdb-store.js';
import { DEFAULT_POLICY } from '../../dist/server/verification/policy.js';
import { createVerificationService } from '../../dist/server/verification/verification-unit.js';

const STEPS = ['dialing', 'ringing', 'answered', 'gate', 'collecting', 'collecting', 'collecting', 'collecting'];
const BETWEEN_STEPS = 250;

const [live = 10_000, perSecond = 100, seconds = 20] = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), 'ringproof-bench-'));
const store = await LowdbStore.open(join(folder, 'ringproof.json'));
let isSilent = true;
const latestEvents = new Map();
const telephony = {
  status: () => ({ ready: true }),
  place: ({ to }, events) => {
    latestEvents.set(to, events);
    return { tell: () => {}, hangUp: () => {} };
  },
  close: async () => {},
};
const service = createVerificationService({
  store,
  telephony,
  numbers: { read: (to) => ({ to, kind: {} }), normalise: (typed) => typed },
  policy: DEFAULT_POLICY,
  secret: new Uint8Array(32).fill(1),
  now: Date.now,
});

let made = 0;
async function createOne() {
  const to = `+1202${String((made += 1)).padStart(7, '0')}`;
  const created = await service.create({ relyingParty: 'bench', to, method: 'keypad', locale: 'en' });
  if (!isSilent) void live1Call(latestEvents.get(to), created.code);
  latestEvents.delete(to);
}

async function live1Call(events, code) {
  for (const [keys, state] of STEPS.entries()) {
    await sleep(BETWEEN_STEPS);
    events.onProgress({ state, keys });
  }
  await events.onCode(code);
  events.onEnded({ outcome: 'completed', codeDelivered: true });
}

for (let left = live; left > 0; left -= 500) await Promise.all(Array.from({ length: Math.min(500, left) }, createOne));

isSilent = false;
const cpuBefore = process.cpuUsage();
const latencies = [];
const pending = [];
const start = performance.now();
for (let n = 0; n < perSecond * seconds; n += 1) {
  // Open loop: a slow creation does not put off the next one, and its waiting counts.
  const due = start + (n * 1_000) / perSecond;
  if (due > performance.now()) await sleep(due - performance.now());
  pending.push(createOne().then(() => latencies.push(performance.now() - due)));
}
await Promise.all(pending);
const elapsed = (performance.now() - start) / 1_000;
const { user, system } = process.cpuUsage(cpuBefore);
await sleep((STEPS.length + 2) * BETWEEN_STEPS);
await service.close();
await store.close();
await rm(folder, { recursive: true });

latencies.sort((a, b) => a - b);
const at = (share) =>
  Number((latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0).toFixed(1));
const result = {
  live,
  creationsPerSecond: Number((latencies.length / elapsed).toFixed(1)),
  milliseconds: { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) },
  cpuMillisecondsPerCreation: Number(((user + system) / 1_000 / latencies.length).toFixed(2)),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
