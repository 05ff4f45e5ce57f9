import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../../server/config.ts';
import { openRules } from '../../../server/commands/rules.ts';
import { createApp } from '../../../server/http/app.ts';
import { localesOf } from '../../../server/http/locale.ts';
import { viewOf } from '../../../server/http/view.ts';
import { WebServer } from '../../../server/http/web-server.ts';
import { LiveFeed } from '../../../server/live/live-feed.ts';
import { LowdbStore } from '../../../server/storage/lowdb-store.ts';
import type { CallEvents, Telephony } from '../../../server/verification/ports.ts';
import { createNumberPlan } from '../../../server/verification/phone-number.ts';
import { DEFAULT_POLICY } from '../../../server/verification/policy.ts';
import { OUR_VOICES } from '../../../server/verification/shared-words.ts';
import { createVerificationService } from '../../../server/verification/verification-unit.ts';
import type { Made, Target } from './messages.ts';

/** So long that no guess of the bench is ever right: a right one would end what the next one asks about. */
const CODE_LENGTH = 10;
const MADE_AT_ONCE = 500;

/**
 * Our HTTP side, rules, domain and store, with so many live verifications and a telephone that never rings.
 * @param ruled as from loopback, where nobody is counted, or every rule at work, with limits that nobody reaches
 */
export async function ourTarget(live: number, ruled: 'unlimited' | 'limited'): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'ringproof-bench-'));
  const file = join(folder, 'ringproof.json');
  const store = await LowdbStore.open(file);
  const secret = new Uint8Array(32).fill(1);
  const settings = readSettings({
    RINGPROOF_STORE: `lowdb:${file}`,
    ...(ruled === 'limited' && (await highLimits(folder))),
  });
  const rules = await openRules(settings, { secret, log: () => {}, now: Date.now, onError });
  const telephone = new SilentTelephone();
  const feed = new LiveFeed({ view: viewOf });
  const verifications = createVerificationService({
    store,
    telephony: telephone,
    numbers: createNumberPlan({ defaultCountry: 'US', sipDomains: [] }),
    // A bench guesses wrong far more often than anyone may.
    policy: { ...DEFAULT_POLICY, codeLength: CODE_LENGTH, wrongCodes: 10_000_000 },
    secret,
    admission: rules.admission,
    now: Date.now,
    onChange: (verification) => feed.publish(verification),
    onError,
  });
  const app = await createApp({
    verifications,
    events: feed,
    readiness: async () => ({ store: { ready: true }, telephony: telephone.status() }),
    apiKeys: [],
    locales: () => localesOf(telephone, 'en'),
    countryOf: () => undefined,
    settings: {
      operatorName: 'Ringproof',
      codeLength: CODE_LENGTH,
      methods: ['keypad', 'spoken'],
      defaultCountry: 'US',
      sipAddresses: false,
      openToVisitors: true,
    },
    pages: folder,
    now: Date.now,
    onRequest: () => {},
    onBug: onError,
  });
  const made: Made[] = [];
  const createOne = async (n: number): Promise<void> => {
    const to = `+1202${String(9_999_999 - n)}`;
    const creation = { relyingParty: '*public', to, method: 'spoken', locale: 'en' } as const;
    const { verification, token } = await verifications.create(creation);
    made.push({ id: verification.id, token });
  };
  for (let from = 0; from < live; from += MADE_AT_ONCE) {
    const count = Math.min(MADE_AT_ONCE, live - from);
    await Promise.all(Array.from({ length: count }, async (_, n) => createOne(from + n)));
  }
  telephone.keep();
  const web = new WebServer();
  const { port } = await web.listen(0, '127.0.0.1');
  web.serve(app.callback());
  return {
    port,
    made,
    forget: async () => {
      telephone.hangUp();
      const isOver = async (): Promise<boolean> => (await store.pending()).length === live;
      while (!(await isOver())) await new Promise((resolve) => setTimeout(resolve, 20));
      await store.purge(Number.POSITIVE_INFINITY);
    },
    close: async () => {
      await web.close();
      feed.close();
      await verifications.close();
      await rules.close();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Every rule, but for the share of verified: in a bench nobody verifies. */
async function highLimits(folder: string): Promise<Record<string, string>> {
  const deck = join(folder, 'deck.csv');
  await writeFile(deck, '+1,0.0001,USD\n+44,0.0001,USD\n');
  const windows = '999999/10m 999999/1h 999999/1d';
  return {
    RINGPROOF_LIMITS: 'on',
    RINGPROOF_LIMIT_NUMBER: windows,
    RINGPROOF_LIMIT_USER: windows,
    RINGPROOF_LIMIT_ADDRESS: windows,
    RINGPROOF_LIMIT_RANGE: windows,
    RINGPROOF_LIMIT_GATEWAY: `999999/1m ${windows}`,
    RINGPROOF_MAX_CALLS: '100000',
    RINGPROOF_MIN_VERIFIED: '0',
    RINGPROOF_COUNTRIES: 'US,GB',
    RINGPROOF_RATE_DECK: deck,
    RINGPROOF_COST_PER_DAY: '1000',
    RINGPROOF_COST_PER_PREFIX: '1000',
  };
}

function onError(error: unknown): void {
  process.stderr.write(`${String(error)}\n`);
}

/** Takes every call and never says anything of it. */
class SilentTelephone implements Telephony {
  readonly voices = OUR_VOICES;
  #calls: CallEvents[] = [];

  status(): { readonly ready: true } {
    return { ready: true };
  }

  place(_call: object, events: CallEvents) {
    this.#calls.push(events);
    return { tell: () => {}, hangUp: () => {} };
  }

  /** The calls so far will go on. */
  keep(): void {
    this.#calls = [];
  }

  /** The others are over. */
  hangUp(): void {
    const calls = this.#calls;
    this.#calls = [];
    for (const call of calls) call.onEnded({ outcome: 'busy', codeDelivered: false });
  }

  listen(): void {}

  async close(): Promise<void> {}
}
