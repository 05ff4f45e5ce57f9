import type { MethodName } from '../../server/http/contract.ts';
import { element } from '../dom/element.ts';
import { icon, type IconName } from '../dom/icon.ts';
import type { Words } from '../words/en.ts';

const ICONS: Readonly<Record<MethodName, IconName>> = { keypad: 'keypad', spoken: 'voice', 'dial-in': 'call-in' };

/** The ways of verifying, each explained in a line. With only one there is nothing to choose, and it is told. */
export class MethodChoice {
  readonly element: HTMLElement;
  readonly #fields = new Map<MethodName, HTMLInputElement>();
  readonly #methods: readonly MethodName[];

  /** Told of each choice. */
  onChange: (() => void) | undefined;

  constructor(words: Words, methods: readonly MethodName[], chosen: MethodName) {
    this.#methods = methods;
    if (methods.length > 1) {
      this.element = element('fieldset', { class: 'methods' }, [
        element('legend', {}, [words.start.methods]),
        ...methods.map((method) => this.#choice(words, method, method === chosen)),
      ]);
    } else {
      this.element = element(
        'div',
        { class: 'methods only' },
        methods.map((method) => explanation(words, method)),
      );
    }
  }

  get method(): MethodName {
    return this.#methods.find((method) => this.#fields.get(method)?.checked) ?? this.#methods[0] ?? 'keypad';
  }

  #choice(words: Words, method: MethodName, isChosen: boolean): HTMLElement {
    const field = element('input', { type: 'radio', name: 'method', value: method, checked: isChosen });
    field.addEventListener('change', () => this.onChange?.());
    this.#fields.set(method, field);
    return element('label', { class: 'method' }, [field, ...parts(words, method)]);
  }
}

function explanation(words: Words, method: MethodName): HTMLElement {
  return element('div', { class: 'method' }, parts(words, method));
}

function parts(words: Words, method: MethodName): readonly Node[] {
  const { title, text } = words.methods[method];
  return [
    icon(ICONS[method]),
    element('span', { class: 'method-words' }, [
      element('span', { class: 'method-title' }, [title]),
      element('span', { class: 'method-text' }, [text]),
    ]),
  ];
}
