import { AlertLine } from '../dom/alert-line.ts';
import { element } from '../dom/element.ts';
import type { Words } from '../words/en.ts';
import { sipUserOf } from './phone-number.ts';

/** Where a tester types whom the phone shall call. */
export class DialForm {
  readonly element: HTMLFormElement;
  readonly #alert = new AlertLine();

  /** @param number what stands there at first: the number that visitors call, where there is one. */
  constructor({ phone }: Words, number: string, onCall: (user: string) => void) {
    const field = element('input', {
      id: 'number-to-call',
      type: 'tel',
      value: number,
      autocomplete: 'off',
      spellcheck: 'false',
    });
    this.element = element('form', { class: 'dial', novalidate: true }, [
      element('label', { for: 'number-to-call' }, [phone.toCall]),
      element('div', { class: 'dial-line' }, [
        element('div', { class: 'input' }, [field]),
        element('button', { type: 'submit', class: 'button secondary' }, [phone.call]),
      ]),
      this.#alert.element,
    ]);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#alert.clear();
      const user = sipUserOf(field.value);
      if (user === undefined) this.#alert.show(phone.needNumberToCall);
      else onCall(user);
    });
  }

  show(isShown: boolean): void {
    this.element.hidden = !isShown;
  }
}
