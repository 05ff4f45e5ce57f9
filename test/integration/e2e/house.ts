import { ApiClient } from '../../../server/commands/api-client.ts';
import { LOCAL_PROXY_DOMAIN, LOCAL_PROXY_PATH } from '../../../server/config.ts';
import type {
  CreatedVerificationView,
  CreateVerificationBody,
  MethodName,
  VerificationView,
} from '../../../server/http/contract.ts';
import { createDatachannelEngine } from '../../../sip-gateway/media/datachannel-engine.ts';
import type { PhoneCall, PhoneManner } from '../../../sip-gateway/phone/phone-call.ts';
import type { PhoneEvent } from '../../../sip-gateway/phone/phone-event.ts';
import { TesterPhone } from '../../../sip-gateway/phone/tester-phone.ts';
import { loadPromptLibrary } from '../../../sip-gateway/prompts/prompt-library.ts';
import { RingproofProcess } from '../../support/ringproof-process.ts';

const library = await loadPromptLibrary({ defaultLocale: 'en' });
const PACKS = library.locales.map((locale) => library.pack(locale));
/** Longer than any call in these tests, milliseconds. */
export const PATIENCE = 90_000;
/** No prompt is further away than this; a test that waits in vain says so before its own time is up. */
const HEARING_LIMIT = 60_000;

/** A whole Ringproof, as an operator starts it, with testers' phones around it. */
export class House {
  readonly ringproof: RingproofProcess;
  readonly api: ApiClient;
  readonly #engine = createDatachannelEngine();
  readonly #phones: TesterPhone[] = [];
  #numbers = 0;

  private constructor(ringproof: RingproofProcess) {
    this.ringproof = ringproof;
    this.api = new ApiClient(ringproof.url);
  }

  static async open(env: Readonly<Record<string, string>> = {}): Promise<House> {
    return new House(await RingproofProcess.start({ env: { RINGPROOF_STORE: 'memory:', ...env } }));
  }

  /** A phone, registered, with this number or one of its own. */
  async phone(manner: Partial<PhoneManner> = {}, phoneNumber = this.#newNumber()): Promise<Resident> {
    const phone = new TesterPhone({
      phoneNumber,
      url: `${this.ringproof.url.replace('http', 'ws')}${LOCAL_PROXY_PATH}`,
      domain: LOCAL_PROXY_DOMAIN,
      packs: PACKS,
      engine: this.#engine,
      now: Date.now,
      manner: { answerAfter: 100, ...manner },
    });
    this.#phones.push(phone);
    await phone.register();
    return new Resident(this, phone, phoneNumber);
  }

  #newNumber(): string {
    this.#numbers += 1;
    return `+120255501${String(this.#numbers).padStart(2, '0')}`;
  }

  async close(): Promise<void> {
    await Promise.all(this.#phones.map((phone) => phone.close()));
    this.#engine.close();
    await this.ringproof.stop();
  }
}

/** The person with this phone in the one hand and the page in front of them. */
export class Resident {
  readonly phone: TesterPhone;
  readonly phoneNumber: string;
  readonly #house: House;

  constructor(house: House, phone: TesterPhone, phoneNumber: string) {
    this.#house = house;
    this.phone = phone;
    this.phoneNumber = phoneNumber;
  }

  async verify(
    method: MethodName,
    locale = 'en',
    more: Pick<CreateVerificationBody, 'sayWord' | 'transaction'> = {},
  ): Promise<OpenPage> {
    const { api } = this.#house;
    const created = await api.create({ to: this.phoneNumber, method, locale, ...more });
    return new OpenPage({ api, url: this.#house.ringproof.url }, created);
  }

  /** The next event of this type; rejects if it does not come. */
  async next<Type extends PhoneEvent['type']>(type: Type): Promise<Extract<PhoneEvent, { type: Type }>> {
    type Meant = Extract<PhoneEvent, { type: Type }>;
    return this.phone.next((event): event is Meant => event.type === type, HEARING_LIMIT);
  }

  /** Resolves when this prompt begins. */
  async hears(prompt: string): Promise<void> {
    await this.phone.next((event) => event.type === 'hearing' && event.prompt === prompt, HEARING_LIMIT);
  }

  /** Resolves with the digits once this many have been said after an introduction of the code. */
  async hearsDigits(intro: string, count: number): Promise<string> {
    let said = '';
    let hasBegun = false;
    await this.phone.next((event) => {
      if (event.type !== 'heard') return false;
      if (event.prompt === intro) hasBegun = true;
      else if (hasBegun) said += /^digit-(\d)$/.exec(event.prompt)?.[1] ?? '';
      return said.length === count;
    }, HEARING_LIMIT);
    return said;
  }

  /** Keys these in the call that is up. */
  async key(keys: string): Promise<void> {
    if (!this.phone.currentCall) throw new Error('no call is up');
    await this.phone.currentCall.key(keys);
  }

  /** The call that is under way or was the last; resolves when it is over. */
  async callIsOver(): Promise<PhoneCall> {
    if (this.phone.currentCall || this.phone.calls.length === 0) await this.next('ended');
    const call = this.phone.calls.at(-1);
    if (!call) throw new Error('nobody called');
    return call;
  }
}

/** The visitor's page of one verification: every state that it showed, in order. */
export class OpenPage {
  readonly created: CreatedVerificationView;
  readonly seen: VerificationView[] = [];
  /** The last state, when there is nothing more to come. */
  readonly done: Promise<VerificationView>;
  readonly #api: ApiClient;
  readonly #url: string;

  constructor({ api, url }: { readonly api: ApiClient; readonly url: string }, created: CreatedVerificationView) {
    this.#api = api;
    this.#url = url;
    this.created = created;
    this.done = this.#follow();
    this.done.catch(() => {}); // a test that does not wait for it must not fail by it
  }

  async type(code: string): Promise<{ status: string; attemptsLeft: number }> {
    return this.#api.check(this.created, code);
  }

  async cancel(): Promise<void> {
    await this.#api.cancel(this.created);
  }

  async callAgain(): Promise<void> {
    const { id, token } = this.created;
    const response = await fetch(`${this.#url}/v1/verifications/${id}/calls`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    if (response.status !== 201) throw new Error(`calling again was refused: ${await response.text()}`);
  }

  async #follow(): Promise<VerificationView> {
    for await (const view of this.#api.states(this.created, AbortSignal.timeout(PATIENCE))) this.seen.push(view);
    const last = this.seen.at(-1);
    if (!last) throw new Error('the page saw nothing');
    return last;
  }
}

/** What the phone heard in a call, in order; a prompt that was cut off ends with an ellipsis. */
export function transcriptOf(call: PhoneCall): readonly string[] {
  return call.heard.map(({ prompt, complete }) => (complete ? prompt : `${prompt}…`));
}

/** The transcript without what was cut off: how much of that was said depends on when somebody spoke up. */
export function wholePromptsOf(call: PhoneCall): readonly string[] {
  return call.heard.filter(({ complete }) => complete).map(({ prompt }) => prompt);
}

export function digits(code: string): readonly string[] {
  return Array.from(code, (digit) => `digit-${digit}`);
}

/** Another code of the same length; its last digit is never 9, which is the report key. */
export function notQuite(code: string): string {
  return code.replace(/\d$/, (last) => String((Number(last) + 1) % 9));
}
