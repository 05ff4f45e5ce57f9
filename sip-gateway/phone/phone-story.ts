import type { KeyWay } from '../../server/telephony/messages.ts';
import type { Voice } from '../../server/verification/ports.ts';
import { OUR_VOICES } from '../../server/verification/shared-words.ts';
import { digitOf } from './listener.ts';
import type { PhoneCallEnd, PhoneEvent } from './phone-event.ts';
import { wordsOf } from './prompt-words.ts';

/** One line of what happened on a phone. */
export interface StoryLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
}

const ENDINGS: Readonly<Record<PhoneCallEnd, string>> = {
  'caller-hung-up': 'the caller hung up',
  'phone-hung-up': 'hung up',
  canceled: 'the caller gave up',
  busy: 'said that it is busy',
  rejected: 'rejected the call',
  failed: 'the call failed',
};

const KEYED: Readonly<Record<KeyWay, string>> = {
  info: 'keyed by INFO',
  rfc4733: 'keyed by RFC 4733',
  'in-band': 'keyed as tones',
};

/** What is said after a phrase and belongs to it: who calls, a word, an amount, a name that is spelled. */
const PIECE = /^(digit-\d|word-\d+|letter-[a-z]|currency-[a-z]{3}|decimal-point|operator-name)$/;

/** Tells the events of a phone in a few words each: a phrase with what belongs to it is one line, a run of keys too. */
export class PhoneStory {
  readonly #voices: readonly Voice[];
  #hearingSince: number | undefined;
  #heard: { readonly at: number; readonly parts: string[] } | undefined;
  #keyed: { readonly at: number; readonly way: KeyWay; text: string } | undefined;

  /** @param voices what can be heard; absent: ours. */
  constructor(voices: readonly Voice[] = OUR_VOICES) {
    this.#voices = voices;
  }

  /** The time of the earliest line that is still being put together; nothing older will be told. */
  get openSince(): number | undefined {
    return this.#heard?.at ?? this.#keyed?.at ?? this.#hearingSince;
  }

  /** The lines that are certain with this event. */
  tell(event: PhoneEvent): readonly StoryLine[] {
    if (event.type === 'heard') return this.#hear(event);
    if (event.type === 'keyed') return this.#key(event);
    if (event.type === 'hearing') {
      // Of a piece that begins, the phrase before may still be waiting.
      const lines = PIECE.test(event.prompt) ? [] : this.flush();
      this.#hearingSince = event.at;
      return lines;
    }
    const before = this.flush();
    const text = textOf(event);
    return text === undefined ? before : [...before, { at: event.at, text }];
  }

  /** What is still open. */
  flush(): readonly StoryLine[] {
    const lines: StoryLine[] = [];
    if (this.#heard) lines.push({ at: this.#heard.at, text: `heard: ${this.#heard.parts.join(' ')}` });
    if (this.#keyed) lines.push({ at: this.#keyed.at, text: this.#keyed.text });
    this.#heard = undefined;
    this.#keyed = undefined;
    this.#hearingSince = undefined;
    return lines;
  }

  #hear(event: Extract<PhoneEvent, { type: 'heard' }>): readonly StoryLine[] {
    const { prompt, locale, complete } = event;
    const said = wordsOf(prompt, locale, this.#voices);
    if (complete && PIECE.test(prompt) && this.#heard) {
      this.#heard.parts.push(digitOf(prompt) ?? said.replace(/[.。]$/, ''));
      return [];
    }
    const at = this.#hearingSince ?? event.at;
    const before = this.flush();
    const digit = complete ? digitOf(prompt) : undefined;
    this.#heard = { at, parts: [digit ?? `«${said}»${complete ? '' : ' (cut off)'}`] };
    return before;
  }

  #key({ key, way, at }: Extract<PhoneEvent, { type: 'keyed' }>): readonly StoryLine[] {
    if (this.#keyed?.way === way) {
      this.#keyed.text += ` ${key}`;
      return [];
    }
    const before = this.flush();
    this.#keyed = { at, way, text: `${KEYED[way]}: ${key}` };
    return before;
  }
}

type Told = Exclude<PhoneEvent, { type: 'hearing' | 'heard' | 'keyed' }>;

function textOf(event: Told): string | undefined {
  let text: string | undefined;
  switch (event.type) {
    case 'registered':
      text = 'registered, waits for calls';
      break;
    case 'registration-failed':
      text = `registration refused: ${event.reason}`;
      break;
    case 'disconnected':
      text = 'no connection to the proxy';
      break;
    case 'fault':
      text = `a message could not be dealt with: ${event.message}`;
      break;
    case 'ringing':
      text = `rings, called by ${event.from}`;
      break;
    case 'calling':
      text = `calls ${event.to}`;
      break;
    case 'answered':
      text = 'answered';
      break;
    case 'put-through':
      text = `the switchboard hears ${Array.from(event.extension).join(' ')}, and a telephone inside rings`;
      break;
    case 'picked-up':
      text = 'it is picked up';
      break;
    case 'gate':
    case 'report-key':
    case 'asked':
    case 'test':
      break; // the line of what was heard says it
    case 'code':
      text = `the code is ${event.code}`;
      break;
    case 'ended':
      text = event.end === 'failed' ? `${ENDINGS.failed}: ${event.cause}` : ENDINGS[event.end];
      break;
  }
  return text;
}
