import type { Words } from '../words/en.ts';
import { LANGUAGES } from '../words/language.ts';
import { element, setAttributes } from './element.ts';
import { icon } from './icon.ts';

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
  readonly #main: HTMLElement;
  readonly #name = element('span', { class: 'name', dir: 'auto' });
  readonly #language = element(
    'select',
    { id: 'language' },
    LANGUAGES.map(({ tag, name }) => element('option', { value: tag, lang: tag }, [name])),
  );
  readonly #announcer = element('p', { class: 'unseen', role: 'status' });
  readonly #onLanguage: (words: Words) => void;
  #step: Step | undefined;
  #words: Words;

  /**
   * @param root with a `main`, which shows that the page is loading until there is a step.
   * @param onLanguage told of the language that a person has chosen; the frame speaks it already.
   */
  constructor(root: HTMLElement, words: Words, onLanguage: (words: Words) => void) {
    const main = root.querySelector('main');
    if (!main) throw new Error('The page has no main element');
    this.#main = main;
    this.#onLanguage = onLanguage;
    this.#words = words;
    const mark = element('span', { class: 'mark', 'aria-hidden': 'true' });
    const header = element('header', { class: 'masthead' }, [
      element('span', { class: 'house' }, [mark, this.#name]),
      element('div', { class: 'language' }, [icon('globe'), this.#language]),
    ]);
    main.before(header);
    root.append(this.#announcer);
    this.#language.addEventListener('change', () => void this.#switch());
    this.#speak(words);
  }

  setName(name: string): void {
    this.#name.textContent = name;
  }

  /** Replaces the step. The focus moves to its heading, except on the first step of a page just loaded. */
  show(step: Step): void {
    const isFirst = this.#step === undefined;
    this.redraw(step);
    setAttributes(this.#main, { 'aria-busy': undefined });
    // What was said of the step before is no longer so.
    this.announce('');
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

  #speak(words: Words): void {
    this.#words = words;
    document.documentElement.lang = words.tag;
    this.#language.value = words.tag;
    setAttributes(this.#language, { 'aria-label': words.language });
  }

  async #switch(): Promise<void> {
    const { value } = this.#language;
    try {
      const words = await LANGUAGES.find(({ tag }) => tag === value)?.load();
      // Another one may have been chosen while the words of this one were on their way.
      if (!words || this.#language.value !== value) return;
      this.#speak(words);
      this.#onLanguage(words);
    } catch {
      this.#language.value = this.#words.tag;
      this.announce(this.#words.trouble.offline);
    }
  }
}

export function stepHeading(text: string): HTMLHeadingElement {
  return element('h1', { tabindex: -1 }, [text]);
}
