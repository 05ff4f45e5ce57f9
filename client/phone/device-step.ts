import { AlertLine } from '../dom/alert-line.ts';
import { button, element } from '../dom/element.ts';
import { icon } from '../dom/icon.ts';
import { stepHeading, type Step } from '../dom/page-frame.ts';
import type { Words } from '../words/en.ts';
import { DialForm } from './dial-form.ts';
import { KeyPad } from './key-pad.ts';
import { LevelMeter } from './level-meter.ts';
import { isInCall, type PhoneState } from './phone-state.ts';

export interface DeviceStepOptions {
  readonly words: Words;
  readonly number: string;
  readonly audio: AudioContext;
  readonly state: PhoneState;
  readonly keysSent: string;
  readonly onKey: (key: string) => void;
  /** Of the numbers that it may call, the likeliest. */
  readonly toCall: string;
  readonly onCall: (user: string) => void;
  readonly onAnswer: () => void;
  readonly onHangUp: () => void;
  readonly onDisconnect: () => void;
}

/** The phone that is switched on: its display, its buttons, its keys. */
export class DeviceStep implements Step {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  readonly #words: Words;
  readonly #display = element('div', { class: 'display' });
  readonly #title = element('p', { class: 'display-title' });
  readonly #text = element('p', { class: 'display-text' });
  readonly #meter: LevelMeter;
  readonly #pad: KeyPad;
  readonly #sent = element('output', { class: 'sent' });
  readonly #alert = new AlertLine();
  readonly #dial: DialForm;
  readonly #answer: HTMLButtonElement;
  readonly #hangUp: HTMLButtonElement;
  readonly #disconnect: HTMLButtonElement;
  #titleText = '';

  constructor(options: DeviceStepOptions) {
    const { words, number, audio, state, keysSent, onKey, onAnswer, onHangUp, onDisconnect } = options;
    this.#dial = new DialForm(words, options.toCall, options.onCall);
    this.#words = words;
    const { phone } = words;
    this.heading = stepHeading(number);
    this.#meter = new LevelMeter(phone.level, audio);
    this.#pad = new KeyPad(words, onKey);
    this.#answer = button(phone.answer, 'primary', () => onAnswer());
    this.#answer.prepend(icon('phone'));
    this.#hangUp = button(phone.hangUp, 'secondary', () => onHangUp());
    this.#hangUp.classList.add('danger');
    this.#disconnect = button(phone.disconnect, 'secondary', () => onDisconnect());
    this.#display.append(
      element('div', { class: 'display-state', role: 'status' }, [this.#title, this.#text]),
      this.#meter.element,
    );
    this.element = element('div', { class: 'step' }, [
      element('section', { class: 'card device' }, [
        element('p', { class: 'device-name' }, [phone.title]),
        this.heading,
        this.#display,
        this.#alert.element,
        element('div', { class: 'calls' }, [this.#answer, this.#hangUp, this.#disconnect]),
        this.#dial.element,
        this.#pad.element,
        element('p', { class: 'sent-line' }, [`${phone.sent}: `, this.#sent]),
      ]),
    ]);
    this.show(state);
    this.showKeys(keysSent);
  }

  get title(): string {
    return this.#titleText;
  }

  show(state: PhoneState): void {
    const { phone } = this.#words;
    const { title, text } = phone.states[state.name];
    this.#display.dataset['state'] = state.name;
    this.#title.textContent = title;
    this.#text.textContent = state.name === 'ringing' && state.caller ? phone.from(state.caller) : text;
    this.#titleText = `${title} · ${phone.title}`;
    const isUp = state.name === 'talking';
    this.#answer.hidden = state.name !== 'ringing';
    this.#hangUp.hidden = !isInCall(state);
    this.#hangUp.textContent = state.name === 'ringing' ? phone.decline : phone.hangUp;
    this.#disconnect.hidden = isInCall(state);
    this.#pad.setOn(isUp);
    this.#dial.show(state.name === 'ready' || state.name === 'ended');
    if (!isInCall(state)) this.#meter.stop();
    if (state.name === 'ringing') {
      this.#alert.clear();
      // The one thing to do now; someone who waited with the keyboard only has to press Enter.
      const { activeElement } = document;
      if (activeElement === document.body || this.element.contains(activeElement)) this.#answer.focus();
    }
  }

  listen(stream: MediaStream): void {
    this.#meter.listen(stream, () => this.complain(this.#words.phone.noSound));
  }

  showKeys(keys: string): void {
    this.#sent.textContent = keys === '' ? this.#words.phone.noneSent : keys;
  }

  complain(text: string): void {
    this.#alert.show(text);
  }

  /** The browser wants a person to press something before it plays sound. */
  offerSound(onPlay: () => void): void {
    const { soundBlocked, playSound } = this.#words.phone;
    this.#alert.show(`${soundBlocked} `);
    this.#alert.element.append(
      button(playSound, 'quiet', () => {
        this.#alert.clear();
        onPlay();
      }),
    );
  }

  close(): void {
    this.#meter.stop();
    this.#pad.close();
  }
}
