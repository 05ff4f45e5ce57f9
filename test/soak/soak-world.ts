import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStore } from '../../server/storage/memory-store.ts';
import { DEFAULT_POLICY } from '../../server/verification/policy.ts';
import type { VerificationService } from '../../server/verification/service.ts';
import { createVerificationService } from '../../server/verification/verification-unit.ts';
import { createDatachannelEngine } from '../../sip-gateway/media/datachannel-engine.ts';
import { createProxy, type Proxy } from '../../sip-gateway/proxy/proxy.ts';
import { writeTinyPrompts } from '../fakes/tiny-prompts.ts';
import { InProcessTelephony } from './in-process-telephony.ts';
import { sleep } from './sleep.ts';
import { NUMBERS_AS_TYPED } from '../fakes/numbers-as-typed.ts';

const DOMAIN = 'example.test';
const LIMITS = { ring: 1_500, call: 6_000, media: 1_500, firstKey: 250, nextKey: 250 } as const;
const CODE_TTL = 12_000;

/** Everything but the phones. */
export class SoakWorld {
  readonly ends: Record<string, number> = {};
  readonly complaints: string[] = [];
  readonly store = new MemoryStore();
  readonly proxy: Proxy;
  readonly url: string;
  readonly promptsDir: string;
  readonly engine = createDatachannelEngine();
  readonly telephony: InProcessTelephony;
  readonly service: VerificationService;
  readonly #sweeping: NodeJS.Timeout;

  private constructor(parts: Pick<SoakWorld, 'proxy' | 'url' | 'promptsDir' | 'telephony'> & { complaints: string[] }) {
    this.proxy = parts.proxy;
    this.url = parts.url;
    this.promptsDir = parts.promptsDir;
    this.telephony = parts.telephony;
    this.complaints = parts.complaints;
    this.service = createVerificationService({
      store: this.store,
      telephony: parts.telephony,
      numbers: NUMBERS_AS_TYPED,
      // Finished ones are forgotten at once: what grows then is a leak.
      policy: { ...DEFAULT_POLICY, codeTtl: CODE_TTL, retention: 2_000 },
      secret: new Uint8Array(32).fill(7),
      now: Date.now,
      onChange: (now, was) => {
        if (now.status === 'pending' || was?.status !== 'pending') return;
        const end = `${now.status} ${now.call.outcome ?? ''}`.trim();
        this.ends[end] = (this.ends[end] ?? 0) + 1;
      },
      onError: (error, what) => this.complaints.push(`${what}: ${String(error)}`),
    });
    this.#sweeping = setInterval(() => void this.service.sweep(), 500);
  }

  static async open(): Promise<SoakWorld> {
    const promptsDir = await mkdtemp(join(tmpdir(), 'ringproof-soak-'));
    await writeTinyPrompts(promptsDir);
    const proxy = createProxy({ domain: DOMAIN, clock: Date.now });
    const url = await proxy.listen({ port: 0 });
    const complaints: string[] = [];
    const telephony = await InProcessTelephony.start({
      trunkUrl: url,
      trunkUri: `sip:agent@${DOMAIN}`,
      promptsDir,
      limits: LIMITS,
      onFault: (what) => complaints.push(what),
    });
    const world = new SoakWorld({ proxy, url, promptsDir, telephony, complaints });
    await world.ready();
    return world;
  }

  /** The trunk comes back by itself after a lost connection. */
  async ready(): Promise<void> {
    while (!this.telephony.status().ready) await sleep(20);
  }

  /** Every code's time is up, and that was noticed. */
  async settle(): Promise<void> {
    const limit = Date.now() + CODE_TTL + 2_000;
    while ((await this.store.pending()).length > 0 && Date.now() < limit) await sleep(100);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    await this.service.close();
    await this.telephony.close();
    await this.proxy.close();
    this.engine.close();
    await rm(this.promptsDir, { recursive: true });
  }
}
