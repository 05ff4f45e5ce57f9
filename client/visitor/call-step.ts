import type { CallStateName, VerificationView } from '../../server/http/contract.ts';
import { AlertLine } from '../dom/alert-line.ts';
import { button, element } from '../dom/element.ts';
import { stepHeading, type Step } from '../dom/page-frame.ts';
import { displayNumber } from '../number/destination.ts';
import type { Words } from '../words/en.ts';
import { isSameLanguage } from '../words/language.ts';
import { describeTrouble } from '../words/trouble.ts';
import { CodeBoxes } from './code-boxes.ts';
import { CodeDisplay } from './code-display.ts';
import { lineInWords } from './line-in-words.ts';
import { payment } from './payment.ts';
import { announcementOf, ProgressTimeline } from './progress-timeline.ts';
import { sharedWord } from './shared-word.ts';
import { TimeLeftFact } from './time-left-fact.ts';
import { timelineRows } from './timeline-rows.ts';
import { wayOnButtons } from './way-on-buttons.ts';
import { waysOn, type WayOn } from './ways-on.ts';

export interface CallStepOptions {
  readonly words: Words;
  readonly view: VerificationView;
  readonly seen: ReadonlySet<CallStateName>;
  readonly codeLength: number;
  /** `keypad` and `dial-in`: the code to show. */
  readonly code?: string | undefined;
  /** `spoken`: what was typed before the language changed. */
  readonly typed?: string;
  /** The server's time. */
  now(): number;
  readonly announce: (text: string) => void;
  onCode(code: string): Promise<void>;
  onWayOn(way: WayOn): Promise<void>;
  onReconnect(): void;
}

/** A verification that waits for its code: the code or the boxes for it, the call as it happens, and the ways on. */
export class CallStep implements Step {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  readonly title: string;
  readonly #options: CallStepOptions;
  readonly #display: CodeDisplay | undefined;
  readonly #boxes: CodeBoxes | undefined;
  readonly #timeline: ProgressTimeline;
  readonly #clock: TimeLeftFact;
  readonly #attempts = element('span');
  readonly #note = element('div', { class: 'note', hidden: true });
  readonly #connection: HTMLElement;
  readonly #alert = new AlertLine();
  readonly #ways = element('div');
  #view: VerificationView;
  #drawnWays = '';
  #isBusy = false;

  constructor(options: CallStepOptions) {
    this.#options = options;
    const { words, view, codeLength, typed } = options;
    const { call } = words;
    this.#view = view;
    if (view.method === 'keypad') this.#display = new CodeDisplay(words, options.code);
    else if (view.method === 'dial-in') this.#display = new CodeDisplay(words, options.code, words.dialIn.codeGone);
    else {
      const onCode = (code: string) => void this.#check(code);
      this.#boxes = new CodeBoxes({ words, length: codeLength, onCode, ...(typed !== undefined && { code: typed }) });
    }
    this.title = headingFor(view, words);
    this.heading = stepHeading(this.title);
    this.#timeline = new ProgressTimeline(words, view);
    this.#clock = new TimeLeftFact(
      () => options.now(),
      () => options.announce(call.oneMinuteLeft),
    );
    this.#connection = element('div', { class: 'connection', role: 'status' });
    this.element = element('div', { class: 'step' }, [
      element('section', { class: 'card call' }, [
        this.heading,
        element('p', { class: 'lede' }, [ledeFor(view, words)]),
        voiceNote(view, words),
        payment(view, words),
        sharedWord(view, words),
        view.dialIn && numberToCall(view.dialIn.number, words),
        this.#display?.element ?? this.#boxes?.element,
        this.#alert.element,
        this.#connection,
        this.#timeline.element,
        this.#note,
        element('dl', { class: 'facts' }, [
          fact(call.timeLeft, this.#clock.element),
          fact(call.attempts, this.#attempts),
        ]),
        this.#ways,
      ]),
    ]);
    this.#draw(options.seen);
  }

  /** What stands in the boxes. */
  get typed(): string {
    return this.#boxes?.code ?? '';
  }

  update(view: VerificationView, seen: ReadonlySet<CallStateName>): void {
    const before = this.#view;
    this.#view = view;
    this.#draw(seen);
    // They key again: what was wrong before is past.
    if (view.call.keys > before.call.keys) this.#alert.clear();
    if (view.attemptsLeft < before.attemptsLeft) this.#tellWrongCode();
    else if (view.call.state !== before.call.state) this.#announceState();
    const hasNothingElseFocused = document.activeElement === this.heading || document.activeElement === document.body;
    if (view.call.state === 'speaking' && hasNothingElseFocused) this.#boxes?.focus();
  }

  setConnection(state: 'live' | 'lost'): void {
    const { call } = this.#options.words;
    const wasLost = this.#connection.childElementCount > 0;
    this.#connection.replaceChildren();
    if (state === 'lost') {
      const retry = button(call.reconnect, 'quiet', () => this.#options.onReconnect());
      this.#connection.append(element('p', {}, [call.connectionLost]), retry);
    } else if (wasLost) this.#options.announce(call.connectionBack);
  }

  close(): void {
    this.#clock.close();
    this.#boxes?.close();
  }

  #draw(seen: ReadonlySet<CallStateName>): void {
    const { words, codeLength } = this.#options;
    const { call, attemptsLeft, expiresAt } = this.#view;
    this.#display?.showKeys(call.state === 'collecting' || call.state === 'verdict' ? call.keys : 0);
    this.#timeline.update(timelineRows(this.#view, seen), { arrived: call.keys, all: codeLength });
    this.#clock.setEnd(Date.parse(expiresAt));
    this.#attempts.textContent = new Intl.NumberFormat(words.tag).format(attemptsLeft);
    this.#note.hidden = call.state !== 'ended';
    if (call.state === 'ended') this.#drawNote();
    this.#drawWays();
  }

  #drawNote(): void {
    const { call, dialIn } = this.#options.words;
    const isRefused = this.#view.call.outcome === 'rejected';
    const text = isRefused ? dialIn.refusedText : dialIn.endedText;
    const isDialIn = this.#view.method === 'dial-in';
    this.#note.replaceChildren(
      element('h2', {}, [call.endedTitle]),
      element('p', {}, [isDialIn ? text : call.endedText]),
    );
  }

  #drawWays(): void {
    const ways = waysOn(this.#view, []);
    if (this.#drawnWays === ways.join(' ')) return;
    this.#drawnWays = ways.join(' ');
    const { words } = this.#options;
    const onChoose = (way: WayOn) => void this.#go(way);
    this.#ways.replaceChildren(wayOnButtons({ words, ways, method: this.#view.method, onChoose }));
  }

  #tellWrongCode(): void {
    const sentence = this.#options.words.call.wrongCode(this.#view.attemptsLeft);
    if (this.#boxes) this.#boxes.reject(sentence);
    else this.#alert.show(sentence);
  }

  #announceState(): void {
    const { words, announce } = this.#options;
    const { state, outcome } = this.#view.call;
    if (state !== 'ended') {
      if (state === 'collecting') this.#alert.clear();
      announce(announcementOf(state, this.#view, words));
      return;
    }
    announce([outcome && words.outcomes[outcome], words.call.endedTitle].filter(Boolean).join('. '));
  }

  async #check(code: string): Promise<void> {
    this.#boxes?.setBusy(true);
    try {
      await this.#options.onCode(code);
    } catch (error) {
      this.#boxes?.complain(describeTrouble(error, this.#options.words));
    } finally {
      this.#boxes?.setBusy(false);
    }
  }

  async #go(way: WayOn): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#alert.clear();
    try {
      await this.#options.onWayOn(way);
    } catch (error) {
      this.#alert.show(describeTrouble(error, this.#options.words));
    } finally {
      this.#isBusy = false;
    }
  }
}

function headingFor({ method }: VerificationView, { call, dialIn }: Words): string {
  if (method === 'dial-in') return dialIn.heading;
  return method === 'keypad' ? call.keypadHeading : call.spokenHeading;
}

function ledeFor(view: VerificationView, words: Words): string {
  const line = lineInWords(view, words);
  return view.method === 'dial-in' ? words.dialIn.from(line) : words.call.calling(line);
}

/** Where it is another than that of the page. */
function voiceNote({ locale }: VerificationView, { tag, call }: Words): HTMLElement | undefined {
  if (isSameLanguage(locale, tag)) return undefined;
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(locale) ?? locale;
  return element('p', { class: 'hint' }, [call.voice(name)]);
}

/** A link that a phone's browser can dial. */
function numberToCall(number: string, words: Words): HTMLElement {
  return element('p', { class: 'call-number' }, [
    element('span', {}, [words.dialIn.number]),
    element('a', { href: `tel:${number}` }, [displayNumber(number)]),
  ]);
}

function fact(label: string, value: HTMLElement): HTMLElement {
  return element('div', { class: 'fact' }, [element('dt', {}, [label]), element('dd', {}, [value])]);
}
