import type { CountryCode } from 'libphonenumber-js/min';
import type { MethodName, PageSettings } from '../../server/http/contract.ts';
import { Refusal } from '../api/refusal.ts';
import { AlertLine } from '../dom/alert-line.ts';
import { element, unseen } from '../dom/element.ts';
import { icon } from '../dom/icon.ts';
import { stepHeading, type Step } from '../dom/page-frame.ts';
import { readDestination } from '../number/destination.ts';
import { readExtension } from '../number/extension.ts';
import type { Words } from '../words/en.ts';
import { describeTrouble } from '../words/trouble.ts';
import { ExtensionField } from './extension-field.ts';
import { MethodChoice } from './method-choice.ts';
import { NumberField } from './number-field.ts';

/** What a visitor has typed and chosen so far. */
export interface Draft {
  readonly typed: string;
  readonly country: CountryCode;
  readonly extension: string;
  readonly method: MethodName;
}

/** What is to be rung, as the API takes it. */
export interface Line {
  readonly to: string;
  readonly extension?: string;
}

export interface StartStepOptions {
  readonly words: Words;
  readonly settings: PageSettings;
  readonly draft: Draft;
  /** Why the visitor is back here. */
  readonly trouble?: unknown;
  /** Rejects with what went wrong; the step says it. */
  onStart(line: Line, draft: Draft): Promise<void>;
}

/** The first step: a number, a method, and go. */
export class StartStep implements Step {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  readonly title: string;
  readonly #options: StartStepOptions;
  readonly #number: NumberField;
  readonly #extension: ExtensionField;
  readonly #method: MethodChoice;
  readonly #alert = new AlertLine();
  readonly #submit: HTMLButtonElement;
  #isBusy = false;

  constructor(options: StartStepOptions) {
    this.#options = options;
    const { words, settings, draft } = options;
    this.title = words.start.title;
    this.heading = stepHeading(words.start.heading);
    this.#number = new NumberField(
      words,
      draft,
      settings.sipAddresses ? words.start.numberOrSipHint : words.start.numberHint,
    );
    this.#extension = new ExtensionField(words, draft.extension);
    this.#number.onExtension = (extension) => this.#extension.fill(extension);
    this.#method = new MethodChoice(words, settings.methods, draft.method);
    this.#submit = element('button', { type: 'submit', class: 'button primary wide' });
    this.#method.onChange = () => this.#setBusy(this.#isBusy);
    this.#setBusy(false);
    const form = element('form', { novalidate: true }, [
      this.#number.element,
      this.#extension.element,
      this.#method.element,
      this.#alert.element,
      this.#submit,
    ]);
    if (options.trouble !== undefined) this.#alert.show(describeTrouble(options.trouble, words));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#start();
    });
    this.element = element('div', { class: 'step' }, [
      element('section', { class: 'card' }, [this.heading, element('p', { class: 'lede' }, [words.start.lede]), form]),
      settings.proxy && phoneLink(words),
    ]);
  }

  get draft(): Draft {
    const { typed, country } = this.#number;
    return { typed, country, extension: this.#extension.typed, method: this.#method.method };
  }

  close(): void {
    this.#isBusy = true;
  }

  async #start(): Promise<void> {
    if (this.#isBusy) return;
    this.#alert.clear();
    const line = this.#readLine();
    if (!line) return;
    this.#setBusy(true);
    try {
      await this.#options.onStart(line, this.draft);
    } catch (error) {
      this.#setBusy(false);
      this.#explain(error);
    }
  }

  /** Undefined: it cannot be called, and a field says why. */
  #readLine(): Line | undefined {
    const to = this.#readNumber();
    if (to === undefined) return undefined;
    // Whoever calls us goes through no switchboard.
    if (this.#method.method === 'dial-in') return { to };
    const { extension: words } = this.#options.words.start;
    const typed = readExtension(this.#extension.typed);
    if (typed.kind === 'keys') return { to, extension: typed.extension };
    if (typed.kind === 'none') return { to };
    this.#extension.refuse(typed.kind === 'too-long' ? words.tooLong : words.notKeys);
    return undefined;
  }

  #readNumber(): string | undefined {
    const { start } = this.#options.words;
    const destination = readDestination(this.#number.typed, this.#number.country);
    if ('to' in destination) return destination.to;
    const complaints = {
      empty: start.empty,
      'too-short': start.tooShort(this.#number.countryName),
      'too-long': start.tooLong(this.#number.countryName),
      'not-a-number': start.notANumber,
    };
    this.#number.refuse(complaints[destination.kind]);
    return undefined;
  }

  #explain(error: unknown): void {
    const sentence = describeTrouble(error, this.#options.words);
    const isAboutNumber = error instanceof Refusal && ABOUT_NUMBER.has(error.code);
    if (isAboutNumber) this.#number.refuse(sentence);
    else this.#alert.show(sentence);
  }

  #setBusy(isBusy: boolean): void {
    this.#isBusy = isBusy;
    const { start } = this.#options.words;
    const isDialIn = this.#method.method === 'dial-in';
    const idle = isDialIn ? start.submitDialIn : start.submit;
    this.#extension.show(!isDialIn);
    this.#submit.textContent = isBusy ? start.submitting : idle;
    this.#submit.setAttribute('aria-disabled', String(isBusy));
  }
}

const ABOUT_NUMBER: ReadonlySet<string> = new Set(['invalid_number', 'number_not_allowed', 'body_too_large']);

function phoneLink(words: Words): HTMLElement {
  const link = element('a', { href: '/phone', target: '_blank', rel: 'noopener' }, [
    words.start.openPhone,
    icon('away'),
    unseen(` ${words.start.newTab}`),
  ]);
  return element('p', { class: 'aside' }, [`${words.start.noPhone} `, link]);
}
