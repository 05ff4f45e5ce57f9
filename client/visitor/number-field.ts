import type { CountryCode } from 'libphonenumber-js/min';
import { element, setAttributes } from '../dom/element.ts';
import { countriesIn, countryOrDefault } from '../number/country-list.ts';
import { isAsTyped } from '../number/destination.ts';
import { splitExtension } from '../number/extension.ts';
import { digitsIn, formatAsTyped } from '../number/format-as-typed.ts';
import type { Words } from '../words/en.ts';

/** The number with its country: formats while one types, and lets a + prefix choose the country. */
export class NumberField {
  readonly element: HTMLElement;
  readonly #country: HTMLSelectElement;
  readonly #number: HTMLInputElement;
  readonly #prefix = element('span', { class: 'prefix', 'aria-hidden': 'true' });
  readonly #hint: HTMLElement;
  readonly #error = element('p', { class: 'field-error', id: 'number-error', role: 'alert' });
  readonly #words: Words;
  readonly #whatWorks: string;
  readonly #callingCodes: ReadonlyMap<string, string>;
  #digits = 0;

  /** Told of an extension that was written behind the number, and is no longer there. */
  onExtension: ((extension: string) => void) | undefined;

  /** @param whatWorks which numbers can be called, as a hint. */
  constructor(
    words: Words,
    { typed, country }: { readonly typed: string; readonly country: CountryCode },
    whatWorks: string,
  ) {
    this.#words = words;
    this.#whatWorks = whatWorks;
    const countries = countriesIn(words.tag);
    this.#callingCodes = new Map(countries.map(({ code, callingCode }) => [code, callingCode]));
    this.#country = element(
      'select',
      { id: 'country', name: 'country', autocomplete: 'country' },
      countries.map(({ code, name, callingCode }) =>
        element('option', { value: code, selected: code === country }, [`${name} (+${callingCode})`]),
      ),
    );
    this.#number = element('input', {
      id: 'number',
      name: 'tel',
      type: 'text',
      inputmode: 'tel',
      autocomplete: 'tel',
      autocapitalize: 'off',
      spellcheck: 'false',
      maxlength: 120,
      'aria-describedby': 'number-hint number-error',
      required: true,
    });
    this.#number.value = typed;
    this.#hint = element('p', { class: 'hint', id: 'number-hint' }, [whatWorks]);
    this.#number.addEventListener('input', (event) => {
      if (event instanceof InputEvent && event.inputType === 'insertFromPaste') this.#split();
      this.#format();
    });
    // Not while it is typed: the 2 of x204 is not all of it.
    this.#number.addEventListener('change', () => this.#split() && this.#format());
    this.#country.addEventListener('change', () => this.#reformat());
    this.element = element('div', { class: 'number-field' }, [
      element('label', { for: 'country' }, [words.start.country]),
      element('div', { class: 'select' }, [this.#country]),
      element('label', { for: 'number' }, [words.start.number]),
      element('div', { class: 'input' }, [this.#prefix, this.#number]),
      this.#error,
      this.#hint,
    ]);
    this.#format();
  }

  get typed(): string {
    return this.#number.value;
  }

  get country(): CountryCode {
    return countryOrDefault(this.#country.value);
  }

  /** The chosen country's name, for sentences. */
  get countryName(): string {
    return this.#country.selectedOptions[0]?.text.replace(/ \(.*$/, '') ?? '';
  }

  refuse(reason: string): void {
    this.#error.textContent = reason;
    setAttributes(this.#number, { 'aria-invalid': 'true' });
    this.#number.focus();
  }

  #split(): boolean {
    const parts = splitExtension(this.#number.value, this.country);
    if (!parts || !this.onExtension) return false;
    this.#number.value = parts.number;
    this.onExtension(parts.extension);
    return true;
  }

  #format(): void {
    this.#forgive();
    const text = this.#number.value;
    const caret = this.#number.selectionStart ?? text.length;
    const digits = digitsIn(text);
    // Someone who deletes a bracket or a space means it: formatting would put it right back.
    const onlyPunctuationWent = digits === this.#digits && document.activeElement === this.#number;
    this.#digits = digits;
    if (!onlyPunctuationWent) {
      const formatted = formatAsTyped(text, caret, this.country);
      if (formatted.country) this.#country.value = formatted.country;
      if (formatted.text !== text) {
        this.#number.value = formatted.text;
        if (document.activeElement === this.#number) this.#number.setSelectionRange(formatted.caret, formatted.caret);
      }
    }
    this.#showPrefix();
  }

  #reformat(): void {
    this.#forgive();
    const text = this.#number.value.trim();
    // A prefix that was typed belongs to the country that was left.
    const national = text.startsWith('+') ? '' : text;
    this.#number.value = formatAsTyped(national, national.length, this.country).text;
    this.#showPrefix();
  }

  #showPrefix(): void {
    const text = this.#number.value.trim();
    const stands = text === '' || !(text.startsWith('+') || text.startsWith('00') || isAsTyped(text));
    this.#prefix.textContent = stands ? `+${this.#callingCodes.get(this.country) ?? ''}` : '';
    this.#hint.textContent = isAsTyped(text) ? this.#words.start.asTyped : this.#whatWorks;
  }

  #forgive(): void {
    this.#error.textContent = '';
    setAttributes(this.#number, { 'aria-invalid': undefined });
  }
}
