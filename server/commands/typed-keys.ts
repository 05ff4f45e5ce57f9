import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';

/** What a tester types: digits for the call, or a code that waits until the phone is asked for it. */
export class TypedKeys {
  onKeys: ((keys: string) => void) | undefined;
  onHangUp: (() => void) | undefined;
  readonly #input: Readable;
  readonly #onWaiting: () => void;
  readonly #lines: Interface;
  #waiting: ((code: string) => void) | undefined;
  #early: string | undefined;

  /** `onWaiting`: the call needs a code now, and none has been typed yet. */
  constructor(input: Readable, onWaiting: () => void) {
    this.#input = input;
    this.#onWaiting = onWaiting;
    this.#lines = createInterface({ input });
    this.#lines.on('line', (line) => this.#take(line.trim().replaceAll(/[\s-]/g, '')));
  }

  /** The next code typed; one that was typed before it was asked for counts. */
  nextCode(): Promise<string> {
    return new Promise((resolve) => {
      if (this.#early === undefined) {
        this.#waiting = resolve;
        this.#onWaiting();
        return;
      }
      resolve(this.#early);
      this.#early = undefined;
    });
  }

  close(): void {
    this.#lines.close();
    this.#input.destroy(); // an open stdin keeps the process alive
  }

  #take(line: string): void {
    if (/^h$/i.test(line)) {
      this.onHangUp?.();
    } else if (/^[\d*#A-D]+$/.test(line)) {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting) waiting(line);
      else if (line.length > 2) this.#early = line;
      else this.onKeys?.(line);
    }
  }
}
