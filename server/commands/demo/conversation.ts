import type { PhoneEvent } from '../../../sip-gateway/phone/phone-event.ts';
import { PhoneStory, type StoryLine } from '../../../sip-gateway/phone/phone-story.ts';
import type { VerificationView } from '../../http/contract.ts';
import { PageStory } from './page-story.ts';

interface Said extends StoryLine {
  readonly who: 'page' | 'phone';
}

const PAGE_WIDTH = 46;
const PHONE_WIDTH = 62;

/** What the page shows and what the phone lives through, side by side in the order of time. */
export class Conversation {
  readonly #write: (text: string) => void;
  readonly #story = new PhoneStory();
  #page = new PageStory();
  #zero = 0;
  #waiting: Said[] = [];

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** `at`: when the seconds begin to count. */
  begin(title: string, at: number): void {
    this.#zero = at;
    this.#page = new PageStory();
    this.#write(`\n${title}\n\n       s  ${'page'.padEnd(PAGE_WIDTH)}  phone\n`);
    this.#write(`       -  ${'-'.repeat(PAGE_WIDTH)}  ${'-'.repeat(PHONE_WIDTH)}\n`);
  }

  page(at: number, seen: string | VerificationView): void {
    this.#take('page', typeof seen === 'string' ? this.#page.happened(at, seen) : this.#page.show(at, seen));
  }

  phone(event: PhoneEvent): void {
    // The phone is registered once, before the first scene.
    if (event.call > 0) this.#take('phone', this.#story.tell(event));
  }

  end(): void {
    this.#take('page', this.#page.flush());
    this.#take('phone', this.#story.flush());
  }

  #take(who: Said['who'], lines: readonly StoryLine[]): void {
    this.#waiting.push(...lines.map((line) => ({ ...line, who })));
    this.#release();
  }

  /** A line waits while an older one may still come. */
  #release(): void {
    const never = Number.POSITIVE_INFINITY;
    const until = Math.min(this.#story.openSince ?? never, this.#page.openSince ?? never);
    const ready = this.#waiting.filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at);
    this.#waiting = this.#waiting.filter(({ at }) => at > until);
    for (const said of ready) this.#print(said);
  }

  #print({ at, who, text }: Said): void {
    const page = who === 'page' ? wrap(text, PAGE_WIDTH) : [];
    const phone = who === 'phone' ? wrap(text, PHONE_WIDTH) : [];
    const rows = Math.max(page.length, phone.length);
    for (let row = 0; row < rows; row += 1) {
      const time = row === 0 ? ((at - this.#zero) / 1000).toFixed(2) : '';
      this.#write(`${time.padStart(8)}  ${padEnd(page[row] ?? '', PAGE_WIDTH)}  ${phone[row] ?? ''}`.trimEnd() + '\n');
    }
  }
}

/** Lines of at most `width` columns; what follows the first is indented. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || columnsOf(longer) <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = `  ${word}`;
    }
  }
  return [...lines, line];
}

function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}

/** Chinese characters and their punctuation are two columns wide (Unicode UAX #11). */
function columnsOf(text: string): number {
  const wide = text.match(/[\u3000-\u303f\u4e00-\u9fff\uff00-\uff60]/g);
  return text.length + (wide?.length ?? 0);
}
