import { createKeyEar, type KeyEar } from '../dtmf/key-ear.ts';
import type { NegotiatedAudio } from '../media/negotiated.ts';
import type { InfoEvent, RTCSession } from '../sip/jssip.ts';

export interface SwitchboardOptions {
  readonly session: Pick<RTCSession, 'on'>;
  /** The keys that reach the phone behind it. */
  readonly extension: string;
  /** Milliseconds. */
  readonly now: () => number;
  /** Once: the extension was keyed. */
  readonly onPutThrough: () => void;
}

/** Answers a company's number, hears keys in whichever way they come, and says nothing. */
export class Switchboard {
  readonly #options: SwitchboardOptions;
  readonly #ear: KeyEar;
  #keys = '';
  #isOpen = false;

  constructor(options: SwitchboardOptions) {
    this.#options = options;
    this.#ear = createKeyEar({
      dtmf: ['info', 'rfc4733', 'in-band'],
      now: options.now,
      onPacketsNeeded: () => {},
      onKey: (key) => this.#hear(key),
    });
    const info = ({ originator, request }: InfoEvent): void => {
      if (originator !== 'remote') return;
      const contentType = request.getHeader('content-type') ?? '';
      this.#ear.info({ callId: request.call_id, cseq: request.cseq, contentType, body: request.body ?? '' });
    };
    options.session.on('newDTMF', info);
    options.session.on('newInfo', info);
  }

  packet(bytes: Uint8Array, audio: NegotiatedAudio): void {
    if (!this.#isOpen) this.#ear.open(audio);
    this.#isOpen = true;
    this.#ear.packet(bytes);
  }

  #hear(key: string): void {
    const { extension, onPutThrough } = this.#options;
    if (this.#keys.endsWith(extension)) return;
    this.#keys += key;
    if (this.#keys.endsWith(extension)) onPutThrough();
  }
}
