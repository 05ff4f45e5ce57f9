import type { TestContext } from 'vitest';
import { loadPromptLibrary, type PromptLibrary } from '../../sip-gateway/prompts/prompt-library.ts';
import type { PromptPack } from '../../sip-gateway/prompts/prompt-pack.ts';
import { CalledPerson, type Telephone } from './called-person.ts';
import type { KamailioAccount } from './bed/kamailio.ts';
import { TestBed } from './bed/test-bed.ts';
import { Product } from './product.ts';

export interface WorldOptions {
  readonly account?: Partial<KamailioAccount>;
  readonly env?: Readonly<Record<string, string>>;
  /** `listening`: the trunk may refuse us. */
  readonly until?: 'listening' | 'ready';
}

let lastStart: Promise<unknown> = Promise.resolve();

/** Ringproof, a trunk and a telephone network: everything but the people. */
export class World {
  readonly bed: TestBed;
  readonly product: Product;
  readonly #library: PromptLibrary;

  private constructor(bed: TestBed, product: Product, library: PromptLibrary) {
    this.bed = bed;
    this.product = product;
    this.#library = library;
  }

  static async start({ account = {}, env = {}, until = 'ready' }: WorldOptions = {}): Promise<World> {
    const library = await loadPromptLibrary({ defaultLocale: 'en' });
    const bed = await TestBed.start(account);
    try {
      return new World(bed, await Product.start(bed, { env, until }), library);
    } catch (error) {
      await bed.stop();
      throw error;
    }
  }

  /** For one test alone: goes away with it. Those of tests that run beside each other start in turn, as two cores can. */
  static async of(context: TestContext, options: WorldOptions = {}): Promise<World> {
    const start = lastStart.then(async () => World.start(options));
    lastStart = start.catch(() => undefined);
    const world = await start;
    context.onTestFinished(async ({ task }) => {
      world.explain(task);
      await world.stop();
    });
    return world;
  }

  pack(locale = 'en'): PromptPack {
    return this.#library.pack(locale);
  }

  /** Rings a new number and lets somebody answer. */
  async call(method: 'keypad' | 'spoken', locale = 'en', telephone: Telephone = {}) {
    const { number, phone } = await this.bed.newPhone();
    const created = await this.product.create(number, method, { locale });
    const views = this.product.toTheEnd(created.id);
    const neverRang = views.then((all) => {
      throw new Error(`the call ended before it rang: ${JSON.stringify(all.at(-1)?.call)}`);
    });
    const rings = await Promise.race([phone.nextCall(), neverRang]);
    const person = await CalledPerson.pickUp(rings, this.pack(locale), telephone);
    return {
      created,
      person,
      /** Everything that the page was shown. */
      page: async () => views,
      /** The last view that the page was shown. */
      end: async () => (await views).at(-1),
    };
  }

  /** What every program had to say, if the test failed. */
  explain(task: TestContext['task']): void {
    if (task.result?.state !== 'fail') return;
    process.stderr.write(`${this.bed.logs}\n--- ringproof\n${this.product.logs}\n`);
  }

  async stop(): Promise<void> {
    await this.product.stop();
    await this.bed.stop();
  }
}
