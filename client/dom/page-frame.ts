import { LANGUAGES } from '../words/language.ts';
import type { Words } from '../words/en.ts';
import { element, setAttributes } from './element.ts';

/** One thing to do: what fills the page's one column. */
export interface Step {
  readonly element: HTMLElement;
  /** Gets the focus when the step comes up, so that a screen reader starts there. */
  readonly heading: HTMLElement;
  readonly title: string;
  close(): void;
}

/** What stays on a page while its steps change: the name of the house, the choice of language, the announcements. */
export class PageFrame {
  readonly #main = element('main', { class: 'column' });
  readonly #name = element('span', { class: 'name' });
  readonly #languages = element('div', { class: 'languages', role: 'group' });
  readonly #announcer = element('p', { class: 'unseen', role: 'status' });
  readonly #onLanguage: (words: Words) => void;
  #step: Step | undefined;

  constructor(root: HTMLElement, onLanguage: (words: Words) => void) {
    this.#onLanguage = onLanguage;
    const mark = element('span', { class: 'mark', 'aria-hidden': 'true' });
    const header = element('header', { class: 'masthead' }, [
      element('span', { class: 'house' }, [mark, this.#name]),
      this.#languages,
    ]);
    root.append(header, this.#main, this.#announcer);
  }

  speak(words: Words): void {
    document.documentElement.lang = words.tag;
    setAttributes(this.#languages, { 'aria-label': words.language });
    this.#languages.replaceChildren(...LANGUAGES.map((language) => this.#switchTo(language, language === words)));
  }

  setName(name: string): void {
    this.#name.textContent = name;
  }

  /** Replaces the step. The focus moves to its heading, except on the first step of a page just loaded. */
  show(step: Step): void {
    const isFirst = this.#step === undefined;
    this.#step?.close();
    this.#step = step;
    document.title = step.title;
    this.#main.replaceChildren(step.element);
    if (isFirst) return;
    step.heading.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }

  /** Puts another one in place of a step without moving the focus to it: the language has changed, not the matter. */
  redraw(step: Step): void {
    this.#step?.close();
    this.#step = step;
    document.title = step.title;
    this.#main.replaceChildren(step.element);
  }

  /** Says it to a screen reader when it is done with what it is saying. */
  announce(text: string): void {
    this.#announcer.textContent = text;
  }

  #switchTo(language: Words, isCurrent: boolean): HTMLButtonElement {
    const choice = element('button', { type: 'button', lang: language.tag, 'aria-pressed': String(isCurrent) }, [
      language.name,
    ]);
    choice.addEventListener('click', () => {
      if (isCurrent) return;
      this.#onLanguage(language);
      // The button that was pressed is gone with the old language; its successor keeps the focus.
      this.#languages.querySelector<HTMLElement>(`[lang="${language.tag}"]`)?.focus();
    });
    return choice;
  }
}

export function stepHeading(text: string): HTMLHeadingElement {
  return element('h1', { tabindex: -1 }, [text]);
}
