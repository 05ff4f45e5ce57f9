import type { PageSettings } from '../../server/http/contract.ts';
import { AlertLine } from '../dom/alert-line.ts';
import { element, setAttributes } from '../dom/element.ts';
import { stepHeading, type Step } from '../dom/page-frame.ts';
import type { Words } from '../words/en.ts';
import { sipUserOf } from './phone-number.ts';

export interface ConnectStepOptions {
  readonly words: Words;
  readonly proxy: NonNullable<PageSettings['proxy']>;
  readonly number: string;
  /** Why it is shown again. */
  readonly trouble?: string;
  readonly onConnect: (choice: { readonly number: string; readonly user: string; readonly password: string }) => void;
}

/** Gives the phone a number and switches it on. */
export class ConnectStep implements Step {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  readonly title: string;

  constructor({ words, proxy, number, trouble, onConnect }: ConnectStepOptions) {
    const { phone } = words;
    this.title = phone.title;
    this.heading = stepHeading(phone.heading);
    const numberField = textField('phone-number', {
      type: 'tel',
      value: number,
      autocomplete: 'off',
      'aria-describedby': 'phone-number-hint phone-number-error',
    });
    const passwordField = textField('proxy-password', { type: 'password', autocomplete: 'current-password' });
    const numberError = element('p', { class: 'field-error', id: 'phone-number-error', role: 'alert' });
    const alert = new AlertLine();
    if (trouble !== undefined) alert.show(trouble);
    numberField.addEventListener('input', () => {
      numberError.textContent = '';
      setAttributes(numberField, { 'aria-invalid': undefined });
    });
    const form = element('form', { novalidate: true }, [
      element('label', { for: 'phone-number' }, [phone.number]),
      element('div', { class: 'input' }, [numberField]),
      numberError,
      element('p', { class: 'hint', id: 'phone-number-hint' }, [phone.numberHint]),
      proxy.passwordRequired && element('label', { for: 'proxy-password' }, [phone.password]),
      proxy.passwordRequired && element('div', { class: 'input' }, [passwordField]),
      alert.element,
      element('button', { type: 'submit', class: 'button primary wide' }, [phone.connect]),
    ]);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const user = sipUserOf(numberField.value);
      if (user === undefined) {
        numberError.textContent = phone.needNumber;
        setAttributes(numberField, { 'aria-invalid': 'true' });
        numberField.focus();
      } else onConnect({ number: numberField.value.trim(), user, password: passwordField.value });
    });
    this.element = element('div', { class: 'step' }, [
      element('section', { class: 'card' }, [this.heading, element('p', { class: 'lede' }, [phone.lede]), form]),
    ]);
  }

  close(): void {}
}

function textField(id: string, attributes: Readonly<Record<string, string>>): HTMLInputElement {
  return element('input', {
    id,
    spellcheck: 'false',
    autocapitalize: 'off',
    ...attributes,
  });
}
