import { element } from './element.ts';
import { stepHeading, type Step } from './page-frame.ts';

/** A card with something to say and at most one thing to do. */
export class NoticeStep implements Step {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  readonly title: string;

  constructor(words: { readonly heading: string; readonly text: string }, action?: HTMLElement) {
    this.title = words.heading;
    this.heading = stepHeading(words.heading);
    this.element = element('div', { class: 'step' }, [
      element('section', { class: 'card result' }, [
        this.heading,
        element('p', { class: 'lede' }, [words.text]),
        action && element('div', { class: 'ways' }, [action]),
      ]),
    ]);
  }

  close(): void {}
}
