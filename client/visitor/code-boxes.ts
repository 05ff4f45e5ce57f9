import { element, setAttributes } from '../dom/element.ts';
import type { Words } from '../words/en.ts';
import { fitCode } from './fit-code.ts';

export interface CodeBoxesOptions {
  readonly words: Words;
  readonly length: number;
  /** What stands in the boxes at first. */
  readonly code?: string;
  /** The last box was filled, or the button was pressed with all of them full. */
  readonly onCode: (code: string) => void;
}

/**
 * Boxes for a code, one for each digit. They are drawn; beneath them is one field, so that paste, autofill from
 * a message, arrow keys, undo and screen readers work as in any field, under one label.
 */
export class CodeBoxes {
  readonly element: HTMLFormElement;
  readonly #options: CodeBoxesOptions;
  readonly #field: HTMLInputElement;
  readonly #boxes: readonly HTMLElement[];
  readonly #error = element('p', { class: 'field-error', id: 'code-error', role: 'alert' });
  readonly #submit: HTMLButtonElement;
  readonly #stop = new AbortController();
  #isBusy = false;

  constructor(options: CodeBoxesOptions) {
    this.#options = options;
    const { words, length, code = '' } = options;
    this.#field = element('input', {
      id: 'code',
      name: 'code',
      type: 'text',
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
      'aria-describedby': 'code-error',
      spellcheck: 'false',
    });
    this.#field.value = code;
    this.#boxes = Array.from({ length }, () => element('span', { class: 'box' }));
    const row = element('div', { class: 'boxes' }, [
      element('span', { class: 'drawn', 'aria-hidden': 'true' }, this.#boxes),
      this.#field,
    ]);
    row.style.setProperty('--digits', String(length));
    this.#submit = element('button', { type: 'submit', class: 'button primary wide' }, [words.call.check]);
    this.element = element('form', { class: 'code-form', novalidate: true }, [
      element('label', { for: 'code' }, [words.call.codeLabel(length)]),
      row,
      this.#error,
      this.#submit,
    ]);
    this.#listen();
    this.#draw();
  }

  get code(): string {
    return this.#field.value;
  }

  focus(): void {
    this.#field.focus({ preventScroll: true });
  }

  setBusy(isBusy: boolean): void {
    this.#isBusy = isBusy;
    const { call } = this.#options.words;
    this.#submit.textContent = isBusy ? call.checking : call.check;
    setAttributes(this.#submit, { 'aria-disabled': String(isBusy) });
    this.#field.readOnly = isBusy;
  }

  /** The code was wrong: empties the boxes, says why, and waits for another. */
  reject(reason: string): void {
    this.#field.value = '';
    this.complain(reason);
  }

  complain(reason: string): void {
    this.#error.textContent = reason;
    setAttributes(this.#field, { 'aria-invalid': 'true' });
    this.#draw();
    this.focus();
  }

  close(): void {
    this.#stop.abort();
  }

  #listen(): void {
    const { signal } = this.#stop;
    this.#field.addEventListener('input', () => this.#take(), { signal });
    this.#field.addEventListener('pointerup', (event) => this.#placeCaret(event), { signal });
    for (const event of ['focus', 'blur', 'keyup', 'select']) {
      this.#field.addEventListener(event, () => this.#draw(), { signal });
    }
    document.addEventListener('selectionchange', () => this.#draw(), { signal });
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  #take(): void {
    const before = this.#field.value;
    const { code, caret } = fitCode(before, this.#field.selectionStart ?? before.length, this.#options.length);
    if (code !== before) {
      this.#field.value = code;
      this.#field.setSelectionRange(caret, caret);
    }
    this.#error.textContent = '';
    setAttributes(this.#field, { 'aria-invalid': undefined });
    this.#draw();
    // Full with the caret behind the last digit: typed or pasted to the end. A correction in the middle waits for Enter.
    if (code.length === this.#options.length && caret === code.length) this.#send();
  }

  #send(): void {
    if (this.#isBusy) return;
    const { words, length, onCode } = this.#options;
    if (this.code.length < length) this.complain(words.call.incomplete(length));
    else onCode(this.code);
  }

  /** The field's own letters are invisible and stand elsewhere: a tap on a box means that box. */
  #placeCaret({ clientX }: PointerEvent): void {
    const { selectionStart, selectionEnd } = this.#field;
    if (selectionStart !== selectionEnd) return;
    const index = this.#boxes.findIndex((box) => clientX <= box.getBoundingClientRect().right);
    const caret = Math.min(index === -1 ? this.code.length : index, this.code.length);
    this.#field.setSelectionRange(caret, caret);
    this.#draw();
  }

  #draw(): void {
    const { value, selectionStart, selectionEnd } = this.#field;
    const isActive = document.activeElement === this.#field;
    const from = Math.min(selectionStart ?? value.length, this.#boxes.length - 1);
    const to = Math.max(selectionEnd ?? from, from + 1);
    for (const [index, box] of this.#boxes.entries()) {
      box.textContent = value[index] ?? '';
      box.classList.toggle('filled', index < value.length);
      box.classList.toggle('active', isActive && index >= from && index < to);
    }
  }
}
