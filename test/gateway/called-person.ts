import type { PromptName } from '../../sip-gateway/prompts/prompt-name.ts';
import type { PromptPack } from '../../sip-gateway/prompts/prompt-pack.ts';
import type { PhoneCall } from './phone/phone-call.ts';
import type { ReceivedPacket, RtpLine } from './phone/rtp-line.ts';
import { listenFor } from './phone/transcript.ts';

export type KeyWay = 'info' | 'telephone-event' | 'in-band';

export type Telephone = Parameters<PhoneCall['answer']>[0];

/** Someone at a telephone of the bed: hears what is said, remembers it, and keys what the test tells. */
export class CalledPerson {
  readonly call: PhoneCall;
  readonly heard: PromptName[] = [];
  readonly #line: RtpLine;
  readonly #waiting = new Set<() => void>();

  private constructor(call: PhoneCall, line: RtpLine, pack: PromptPack) {
    this.call = call;
    this.#line = line;
    line.onPacket = listenFor(pack, (prompt) => {
      this.heard.push(prompt);
      for (const look of this.#waiting) look();
    });
  }

  /** Lets it ring once and picks up. */
  static async pickUp(call: PhoneCall, pack: PromptPack, telephone: Telephone = {}): Promise<CalledPerson> {
    call.ring();
    const person = new CalledPerson(call, await call.answer(telephone), pack);
    await call.confirmed;
    return person;
  }

  /** Comes to the phone when the call has long been answered by somebody else. */
  static putThrough(call: PhoneCall, line: RtpLine, pack: PromptPack): CalledPerson {
    return new CalledPerson(call, line, pack);
  }

  get received(): readonly ReceivedPacket[] {
    return this.#line.received;
  }

  /** Resolves once one of these has been said to its end, with which. @throws when the call ends before. */
  async hears(...prompts: readonly PromptName[]): Promise<PromptName> {
    const found = new Promise<PromptName>((resolve) => {
      const look = (): void => {
        const prompt = this.heard.find((name) => prompts.includes(name));
        if (prompt === undefined) return;
        this.#waiting.delete(look);
        resolve(prompt);
      };
      this.#waiting.add(look);
      look();
    });
    const gone = this.call.ended.then((how) => {
      throw new Error(
        `the call ended (${how}) before ${prompts.join(' or ')} was heard; heard: ${this.heard.join(' ')}`,
      );
    });
    return Promise.race([found, gone]);
  }

  /** Resolves once a voice is heard, before its first words are over. */
  async hearsAVoice(): Promise<void> {
    while (!this.received.some((packet) => !isSilent(packet.payload))) {
      if (this.call.over) throw new Error('the call ended before anything was said');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async keys(digits: string, way: KeyWay): Promise<void> {
    for (const digit of digits) {
      if (way === 'telephone-event') {
        this.call.keyByTelephoneEvent(digit);
        continue;
      }
      if (way === 'in-band') {
        this.call.keyByTone(digit);
        continue;
      }
      const status = await this.call.keyByInfo(digit);
      if (status !== 200) throw new Error(`INFO was answered with ${status}`);
    }
  }

  /** Presses the digit that the gate asks for, once it has been said. */
  async passesTheGate(way: KeyWay): Promise<string> {
    const digit = await this.hearsDigitsAfter('gate-ask', 1);
    await this.keys(digit, way);
    return digit;
  }

  /** The next `count` digits that are spoken after `prompt`. */
  async hearsDigitsAfter(prompt: PromptName, count: number): Promise<string> {
    await this.hears(prompt);
    for (;;) {
      const spoken = this.heard
        .slice(this.heard.indexOf(prompt) + 1)
        .filter((name) => name.startsWith('digit-'))
        .map((name) => name.slice('digit-'.length));
      if (spoken.length >= count) return spoken.slice(0, count).join('');
      await this.#nextPrompt();
    }
  }

  async #nextPrompt(): Promise<void> {
    const said = new Promise<void>((resolve) => {
      const once = (): void => {
        this.#waiting.delete(once);
        resolve();
      };
      this.#waiting.add(once);
    });
    const gone = this.call.ended.then((how) => {
      throw new Error(`the call ended (${how}) while something was still to be heard; heard: ${this.heard.join(' ')}`);
    });
    await Promise.race([said, gone]);
  }
}

function isSilent(payload: Buffer): boolean {
  return payload.every((byte) => byte === 0xff || byte === 0xd5);
}
