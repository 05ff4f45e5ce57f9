import { element, unseen } from '../dom/element.ts';
import type { Words } from '../words/en.ts';
import { groupCode } from './code-groups.ts';

/** The code in large grouped type; each digit lights up when its key has arrived. */
export class CodeDisplay {
  readonly element: HTMLElement;
  readonly #digits: readonly HTMLElement[];

  /** @param gone what to say where there is no code to show. */
  constructor(words: Words, code: string | undefined, gone = words.call.codeGone) {
    if (code === undefined) {
      this.#digits = [];
      this.element = element('p', { class: 'code-gone' }, [gone]);
      return;
    }
    const groups = groupCode(code).map((group) =>
      group.split('').map((digit) => element('span', { class: 'digit' }, [digit])),
    );
    this.#digits = groups.flat();
    const shown = element(
      'span',
      { class: 'code', 'aria-hidden': 'true' },
      groups.map((digits) => element('span', { class: 'group' }, digits)),
    );
    shown.style.setProperty('--digits', String(code.length));
    // Digit by digit: a screen reader would else say a number of hundreds of thousands.
    const spoken = groupCode(code)
      .map((group) => group.split('').join(' '))
      .join(', ');
    this.element = element('p', { class: 'code-display' }, [unseen(words.call.codeIs(spoken)), shown]);
  }

  showKeys(keys: number): void {
    for (const [index, digit] of this.#digits.entries()) digit.classList.toggle('keyed', index < keys);
  }
}
