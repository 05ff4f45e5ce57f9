import { promptsIn } from '../fakes/tiny-prompts.ts';
import type { PhoneCall, TestPhone } from '../fakes/test-phone.ts';
import type { Fault } from './fault.ts';
import { pick, type Random } from './random.ts';

export interface SoakPersonOptions {
  readonly phone: TestPhone;
  readonly fault: Fault;
  readonly random: Random;
  /** The code to key; absent where the phone is told one. */
  readonly code: () => string | undefined;
}

const LISTENS_EVERY = 40;
const RUBBISH = [
  '',
  'Signal=',
  'Signal=flash\r\n',
  '\u0000\u0001',
  'Signal=10\r\nDuration=-1',
  'x'.repeat(5_000),
] as const;

/** Who is rung in a soak: answers, hears the prompts, passes the gate and keys, unless the fault says otherwise. */
export class SoakPerson {
  readonly #options: SoakPersonOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #call: PhoneCall | undefined;
  #heard = 0;

  constructor(options: SoakPersonOptions) {
    this.#options = options;
    options.phone.onRing = (call) => this.#ring(call);
  }

  /** Hangs up whatever is left. */
  leave(): void {
    const { phone } = this.#options;
    phone.onRing = () => {};
    for (const timer of this.#timers) clearInterval(timer);
    for (const { session, media } of phone.calls.splice(0)) {
      if (!session.isEnded()) session.terminate();
      media.close();
    }
  }

  #ring(call: PhoneCall): void {
    const { phone, fault } = this.#options;
    if (fault.phone === 'never-answers') return;
    if (fault.phone !== undefined) {
      call.session.terminate({ status_code: fault.phone === 'busy' ? 486 : 603 });
      return;
    }
    this.#call = call;
    phone.answer(call);
    this.#after(fault.hangsUpAfter, () => this.#hangUp());
    this.#after(fault.mediaDieAfter, () => call.media.close());
    const listening = setInterval(() => {
      if (call.ended) clearInterval(listening);
      else this.#listen(call);
    }, LISTENS_EVERY);
    this.#timers.add(listening);
  }

  #hangUp(): void {
    if (this.#call && !this.#call.session.isEnded()) this.#call.session.terminate();
  }

  #listen(call: PhoneCall): void {
    const { fault, random, code } = this.#options;
    const prompts = promptsIn(call.packets);
    for (const prompt of prompts.slice(this.#heard)) {
      this.#heard += 1;
      const before = prompts[this.#heard - 2];
      if (fault.sends === 'rubbish') this.#info(call, pick(random, RUBBISH));
      if (fault.sends !== undefined) continue;
      const isGate = before === 'gate-ask' || before === 'gate-wrong' || before === 'gate-still-there';
      if (isGate) this.#key(call, prompt.replace('digit-', ''));
      if (prompt !== 'keypad-ask' && prompt !== 'keypad-wrong' && prompt !== 'keypad-again') continue;
      this.#key(call, fault.code === 'wrong' ? '000000' : (code() ?? ''));
    }
  }

  #key(call: PhoneCall, keys: string): void {
    for (const key of keys) this.#info(call, `Signal=${key}\r\nDuration=160`);
  }

  #info(call: PhoneCall, body: string): void {
    if (!call.session.isEnded()) call.session.sendInfo('application/dtmf-relay', body);
  }

  #after(ms: number | undefined, body: () => void): void {
    if (ms !== undefined) this.#timers.add(setTimeout(body, ms));
  }
}
