import { element } from '../dom/element.ts';
import { icon } from '../dom/icon.ts';
import type { VerificationView } from '../../server/http/contract.ts';
import type { StepWords, Words } from '../words/en.ts';
import type { StepName, TimelineRow } from './timeline-rows.ts';

/** What of a verification decides how the steps of its call are called. */
type Asking = Pick<VerificationView, 'method' | 'gateDigits'>;

/** The call as a short list: what is over, what happens now, what comes. */
export class ProgressTimeline {
  readonly element: HTMLElement;
  readonly #list: HTMLOListElement;
  readonly #words: Words;
  readonly #view: Asking;
  #drawn = '';

  constructor(words: Words, view: Asking) {
    this.#words = words;
    this.#view = view;
    this.#list = element('ol', { class: 'timeline' });
    this.element = element('section', { class: 'progress', 'aria-label': words.call.timeline }, [this.#list]);
  }

  update(rows: readonly TimelineRow[], keys: { readonly arrived: number; readonly all: number }): void {
    const drawn = JSON.stringify([rows, keys]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#list.replaceChildren(...rows.map((row) => this.#row(row, keys)));
  }

  #row(row: TimelineRow, keys: { readonly arrived: number; readonly all: number }): HTMLLIElement {
    if ('outcome' in row) {
      return element('li', { class: row.isGood ? 'row done' : 'row bad' }, [
        element('span', { class: 'dot' }, [icon(row.isGood ? 'check' : 'cross')]),
        element('span', { class: 'row-title' }, [this.#words.outcomes[row.outcome]]),
      ]);
    }
    const { step, phase } = row;
    const isNow = phase === 'now';
    const stepWords = wordsFor(step, this.#view, this.#words);
    return element('li', { class: `row ${phase}`, 'aria-current': isNow && 'step' }, [
      element('span', { class: 'dot' }, [phase === 'done' && icon('check')]),
      element('span', { class: 'row-title' }, [stepWords[phase]]),
      isNow && element('span', { class: 'row-hint' }, [stepWords.hint]),
      isNow && step === 'collecting' && this.#dots(keys.arrived, keys.all),
    ]);
  }

  #dots(arrived: number, all: number): HTMLElement {
    const dots = Array.from({ length: all }, (_, index) =>
      element('span', { class: index < arrived ? 'key full' : 'key' }),
    );
    return element(
      'span',
      { class: 'keys', role: 'img', 'aria-label': this.#words.call.keysArrived(arrived, all) },
      dots,
    );
  }
}

/** What to say aloud when a call comes to this step. */
export function announcementOf(step: StepName, view: Asking, words: Words): string {
  const { now, hint } = wordsFor(step, view, words);
  return `${now}. ${hint}`;
}

/** Where the person calls, waiting and ringing are another thing; and a gate may ask for more than one digit. */
function wordsFor(step: StepName, { method, gateDigits = 1 }: Asking, words: Words): StepWords {
  if (method === 'dial-in' && (step === 'queued' || step === 'ringing')) return words.dialIn.steps[step];
  return step === 'gate' && gateDigits > 1 ? words.severalDigits : words.steps[step];
}
