import { element, setAttributes } from '../dom/element.ts';
import type { Words } from '../words/en.ts';

/** The extension of a company line, folded away: few people need it. */
export class ExtensionField {
  readonly element: HTMLDetailsElement;
  readonly #field: HTMLInputElement;
  readonly #error = element('p', { class: 'field-error', id: 'extension-error', role: 'alert' });

  constructor({ start: { extension } }: Words, typed: string) {
    this.#field = element('input', {
      id: 'extension',
      name: 'tel-extension',
      type: 'text',
      inputmode: 'tel',
      autocomplete: 'tel-extension',
      autocapitalize: 'off',
      spellcheck: 'false',
      maxlength: 64,
      'aria-describedby': 'extension-hint extension-error',
    });
    this.#field.value = typed;
    this.#field.addEventListener('input', () => this.#forgive());
    this.element = element('details', { class: 'extension', open: typed !== '' }, [
      element('summary', {}, [extension.ask]),
      element('label', { for: 'extension' }, [extension.label]),
      element('div', { class: 'input' }, [this.#field]),
      this.#error,
      element('p', { class: 'hint', id: 'extension-hint' }, [extension.hint]),
    ]);
  }

  get typed(): string {
    return this.#field.value.trim();
  }

  fill(extension: string): void {
    this.#forgive();
    this.#field.value = extension;
    this.element.open = true;
  }

  show(isShown: boolean): void {
    this.element.hidden = !isShown;
  }

  refuse(reason: string): void {
    this.element.open = true;
    this.#error.textContent = reason;
    setAttributes(this.#field, { 'aria-invalid': 'true' });
    this.#field.focus();
  }

  #forgive(): void {
    this.#error.textContent = '';
    setAttributes(this.#field, { 'aria-invalid': undefined });
  }
}
