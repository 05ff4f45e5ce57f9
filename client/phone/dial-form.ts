import { element, setAttributes } from '../dom/element.ts';
import type { Words } from '../words/en.ts';
import { sipUserOf } from './phone-number.ts';

/** Where a tester types whom the phone shall call. */
export class DialForm {
  readonly element: HTMLFormElement;
  readonly #error = element('p', { class: 'field-error', id: 'number-to-call-error', role: 'alert' });

  /** @param number what stands there at first: the number that visitors call, where there is one. */
  constructor({ phone }: Words, number: string, onCall: (user: string) => void) {
    const field = element('input', {
      id: 'number-to-call',
      type: 'tel',
      value: number,
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-describedby': 'number-to-call-error',
    });
    const complain = (reason: string): void => {
      this.#error.textContent = reason;
      setAttributes(field, { 'aria-invalid': reason !== '' && 'true' });
    };
    field.addEventListener('input', () => complain(''));
    this.element = element('form', { class: 'dial', novalidate: true }, [
      element('label', { for: 'number-to-call' }, [phone.toCall]),
      element('div', { class: 'dial-line' }, [
        element('div', { class: 'input' }, [field]),
        element('button', { type: 'submit', class: 'button secondary' }, [phone.call]),
      ]),
      this.#error,
    ]);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      const user = sipUserOf(field.value);
      if (user === undefined) {
        complain(phone.needNumberToCall);
        field.focus();
      } else onCall(user);
    });
  }

  show(isShown: boolean): void {
    this.element.hidden = !isShown;
  }
}
