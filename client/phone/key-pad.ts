import { element, unseen } from '../dom/element.ts';
import type { Words } from '../words/en.ts';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;
const LETTERS: Readonly<Record<string, string>> = {
  '2': 'ABC',
  '3': 'DEF',
  '4': 'GHI',
  '5': 'JKL',
  '6': 'MNO',
  '7': 'PQRS',
  '8': 'TUV',
  '9': 'WXYZ',
  '0': '+',
};
const FLASH = 160;

/** Twelve keys, for fingers and for the digits of a keyboard. */
export class KeyPad {
  readonly element: HTMLElement;
  readonly #keys = new Map<string, HTMLButtonElement>();
  readonly #stop = new AbortController();
  readonly #onKey: (key: string) => void;
  #isOn = false;

  constructor(words: Words, onKey: (key: string) => void) {
    this.#onKey = onKey;
    for (const key of KEYS) this.#keys.set(key, this.#button(key, words));
    this.element = element('div', { class: 'pad', role: 'group', 'aria-label': words.phone.keypad }, [
      ...this.#keys.values(),
    ]);
    window.addEventListener('keydown', (event) => this.#take(event), { signal: this.#stop.signal });
  }

  setOn(isOn: boolean): void {
    this.#isOn = isOn;
    for (const key of this.#keys.values()) key.disabled = !isOn;
  }

  close(): void {
    this.#stop.abort();
  }

  #button(key: string, words: Words): HTMLButtonElement {
    const name = words.phone.key(key);
    const made = element('button', { type: 'button', class: 'pad-key', disabled: true }, [
      name === key ? undefined : unseen(name),
      element('span', { class: 'pad-digit', 'aria-hidden': name !== key && 'true' }, [key]),
      element('span', { class: 'pad-letters', 'aria-hidden': 'true' }, [LETTERS[key] ?? '']),
    ]);
    made.addEventListener('click', () => this.#press(key));
    return made;
  }

  #take({ key, ctrlKey, metaKey, altKey, repeat, target }: KeyboardEvent): void {
    const isTyping = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (repeat || ctrlKey || metaKey || altKey || isTyping || !this.#keys.has(key)) return;
    this.#press(key);
  }

  #press(key: string): void {
    if (!this.#isOn) return;
    const pressed = this.#keys.get(key);
    pressed?.classList.add('pressed');
    window.setTimeout(() => pressed?.classList.remove('pressed'), FLASH);
    this.#onKey(key);
  }
}
