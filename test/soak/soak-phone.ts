import type { Created } from '../../server/verification/service.ts';
import { TestPhone } from '../fakes/test-phone.ts';
import { TINY_LOCALE } from '../fakes/tiny-prompts.ts';
import type { Fault } from './fault.ts';
import { between, type Random } from './random.ts';
import { sleep } from './sleep.ts';
import { SoakPerson } from './soak-person.ts';
import type { SoakWorld } from './soak-world.ts';

/** One phone, and the visitor who owns it: a call after the other. */
export class SoakPhone {
  readonly #world: SoakWorld;
  readonly #phone: TestPhone;
  readonly #number: string;

  private constructor(world: SoakWorld, phone: TestPhone, number: string) {
    this.#world = world;
    this.#phone = phone;
    this.#number = number;
  }

  static async open(world: SoakWorld, n: number): Promise<SoakPhone> {
    const number = `+1202555${1_000 + n}`;
    return new SoakPhone(world, await TestPhone.start(world.url, world.engine, number), number);
  }

  async call(fault: Fault, random: Random): Promise<void> {
    const { proxy, telephony } = this.#world;
    while (!this.#phone.userAgent.isRegistered()) await sleep(20);
    await this.#world.ready();
    proxy.misbehave(this.#number, fault.misbehaviours ?? []);
    let made: Created | undefined;
    const person = new SoakPerson({ phone: this.#phone, fault, random, code: () => made?.code });
    try {
      made = await this.#begin(random);
      if (fault.page) {
        await sleep(fault.page.after);
        if (fault.page.does === 'cancels') await this.#world.service.cancel(made.verification.id).catch(() => {});
        else made = await this.#begin(random);
      }
      const { id } = made.verification;
      while (await this.#isUp(id)) await sleep(30);
    } catch (error) {
      // Between our look and the creation the trunk may have lost its connection.
      if (telephony.status().ready) this.#world.complaints.push(String(error));
    } finally {
      person.leave();
      proxy.misbehave(this.#number, []);
    }
  }

  close(): void {
    this.#phone.close();
  }

  async #begin(random: Random): Promise<Created> {
    const method = between(random, 0, 2) === 0 ? 'spoken' : 'keypad';
    return this.#world.service.create({ relyingParty: 'soak', to: this.#number, method, locale: TINY_LOCALE });
  }

  async #isUp(id: string): Promise<boolean> {
    const found = await this.#world.store.find(id);
    return found !== undefined && found.call.state !== 'ended';
  }
}
