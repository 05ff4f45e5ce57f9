import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChildProcessTelephony } from '../../../server/telephony/child-process-telephony.ts';
import type { CallEnd } from '../../../server/verification/ports.ts';
import { costOf, type ProcessCost } from './process-cost.ts';
import { KEYS } from './timeline.ts';
import { writePrompts } from './write-prompts.ts';

const SCRIPT = fileURLToPath(new URL('../../../sip-gateway/main.js', import.meta.url));
const READY_WITHIN = 5_000;

/** The measured process: the product's voice server, behind the port by which the web server uses it. */
export class MeasuredVoiceServer {
  readonly #telephony: ChildProcessTelephony;
  readonly #promptsDir: string;
  #placed = 0;

  private constructor(telephony: ChildProcessTelephony, promptsDir: string) {
    this.#telephony = telephony;
    this.#promptsDir = promptsDir;
  }

  static async start(trunkUrl: string): Promise<MeasuredVoiceServer> {
    const promptsDir = await mkdtemp(join(tmpdir(), 'ringproof-bench-'));
    await writePrompts(promptsDir);
    const telephony = new ChildProcessTelephony({
      script: SCRIPT,
      env: process.env,
      config: {
        trunks: [
          {
            name: 'phones',
            url: trunkUrl,
            uri: 'sip:agent@127.0.0.1',
            register: true,
            dtlsSetup: 'active',
            codecs: ['PCMU', 'PCMA'],
            dtmf: 'auto',
          },
        ],
        defaultLocale: 'en',
        promptsDir,
        limits: { ring: 10_000, call: 30_000, media: 10_000, firstKey: 10_000, nextKey: 5_000 },
      },
      log: (level, event, fields) => {
        if (level === 'error') process.stderr.write(`${event} ${JSON.stringify(fields)}\n`);
      },
      onError: (error) => process.stderr.write(`${String(error)}\n`),
      now: Date.now,
    });
    await telephony.start();
    const limit = Date.now() + READY_WITHIN;
    while (!telephony.status().ready) {
      if (Date.now() > limit) throw new Error(`the voice server is not ready: ${JSON.stringify(telephony.status())}`);
      await new Promise((resolve) => void setTimeout(resolve, 20));
    }
    return new MeasuredVoiceServer(telephony, promptsDir);
  }

  get pid(): number {
    return this.#telephony.pid ?? 0;
  }

  async cost(): Promise<ProcessCost> {
    return costOf(this.pid);
  }

  /** One keypad call whose code is right if the keys arrived as they were pressed. */
  async call(): Promise<CallEnd> {
    this.#placed += 1;
    const request = {
      id: `call-${this.#placed}`,
      to: `+1202${5_550_000 + (this.#placed % 10_000)}`,
      method: 'keypad',
      locale: 'en',
      codeLength: KEYS.length,
      gateDigits: 0,
    } as const;
    return new Promise((resolve) => {
      this.#telephony.place(request, {
        onProgress: () => {},
        onCode: async (code) => (code === KEYS ? 'verified' : 'failed'),
        onReport: async () => false,
        onEnded: resolve,
      });
    });
  }

  async stop(): Promise<void> {
    await this.#telephony.close();
    await rm(this.#promptsDir, { recursive: true });
  }
}
