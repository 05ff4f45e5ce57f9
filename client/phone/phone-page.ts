import type { PageSettings } from '../../server/http/contract.ts';
import type { Api } from '../api/api.ts';
import { button, element } from '../dom/element.ts';
import { NoticeStep } from '../dom/notice-step.ts';
import type { PageFrame, Step } from '../dom/page-frame.ts';
import { displayNumber } from '../number/destination.ts';
import type { Words } from '../words/en.ts';
import { Bell } from './bell.ts';
import { ConnectStep } from './connect-step.ts';
import { DeviceStep } from './device-step.ts';
import type { PhoneState } from './phone-state.ts';
import { silentStream } from './silent-stream.ts';
import { Softphone } from './softphone.ts';
import { keyTones } from './tones.ts';

/** Reserved for fiction (NANPA 555-0100 to 555-0199): it can be nobody's. */
const A_NUMBER = '+1 202 555 0123';

/** What a phone that is switched on consists of. */
interface Device {
  readonly phone: Softphone;
  readonly audio: AudioContext;
  readonly bell: Bell;
  readonly speaker: HTMLAudioElement;
}

/** The tester's softphone: switched off it asks for a number, switched on it is a phone. */
export class PhonePage {
  readonly #api: Api;
  readonly #frame: PageFrame;
  #words: Words;
  #settings: PageSettings | undefined;
  #number = A_NUMBER;
  #device: Device | undefined;
  #state: PhoneState = { name: 'off' };
  #sound: MediaStream | undefined;
  #keys = '';
  #step: Step | undefined;

  constructor(options: { readonly api: Api; readonly frame: PageFrame; readonly words: Words }) {
    this.#api = options.api;
    this.#frame = options.frame;
    this.#words = options.words;
  }

  async open(): Promise<void> {
    try {
      this.#settings = await this.#api.settings();
      this.#frame.setName(this.#settings.operatorName);
      this.#show(this.#stepFor(this.#settings));
    } catch {
      const { trouble } = this.#words;
      this.#show(
        new NoticeStep(
          trouble.noSettings,
          button(trouble.retry, 'primary', () => void this.open()),
        ),
      );
    }
  }

  speak(words: Words): void {
    this.#words = words;
    if (!this.#settings) return void this.open();
    this.#step = this.#stepFor(this.#settings);
    this.#frame.redraw(this.#step);
    const sound = this.#state.name === 'talking' ? this.#sound : undefined;
    if (sound && this.#step instanceof DeviceStep) this.#step.listen(sound);
  }

  /** Hangs up, takes the number off the proxy and frees the sound. */
  close(): void {
    const device = this.#device;
    this.#device = undefined;
    device?.phone.close();
    device?.bell.stop();
    device?.speaker.remove();
    void device?.audio.close();
  }

  #show(step: Step): void {
    this.#step = step;
    this.#frame.show(step);
  }

  #stepFor({ proxy }: PageSettings): Step {
    const words = this.#words;
    if (!proxy) {
      const home = element('a', { href: '/', class: 'button primary' }, [words.phone.openVisitor]);
      return new NoticeStep(words.phone.notOffered, home);
    }
    if (this.#device) return this.#deviceStep(this.#device);
    return new ConnectStep({
      words,
      proxy,
      number: this.#number,
      ...(this.#state.name === 'refused' && { trouble: words.phone.states.refused.text }),
      onConnect: ({ number, user, password }) => this.#connect(proxy, { number, user, password }),
    });
  }

  #deviceStep(device: Device): DeviceStep {
    return new DeviceStep({
      words: this.#words,
      number: displayNumber(this.#number),
      audio: device.audio,
      state: this.#state,
      keysSent: this.#keys,
      onKey: (key) => this.#press(key),
      toCall: displayNumber(this.#settings?.dialIn?.number ?? ''),
      onCall: (user) => this.#call(device, user),
      onAnswer: () => {
        void device.audio.resume();
        device.phone.answer();
      },
      onHangUp: () => device.phone.hangUp(),
      onDisconnect: () => this.#disconnect(),
    });
  }

  #connect(
    proxy: NonNullable<PageSettings['proxy']>,
    { number, user, password }: { readonly number: string; readonly user: string; readonly password: string },
  ): void {
    this.#number = number;
    this.#keys = '';
    const audio = new AudioContext();
    const speaker = element('audio', { autoplay: true });
    document.body.append(speaker);
    const phone = new Softphone({
      url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${proxy.path}`,
      user,
      domain: proxy.domain,
      ...(proxy.passwordRequired && { password }),
      voice: silentStream(audio),
      onState: (state) => this.#onState(state),
      onSound: (stream) => this.#onSound(stream),
      onKeyLost: (key) => this.#complain(this.#words.phone.notSent(key)),
    });
    this.#device = { phone, audio, bell: new Bell(audio), speaker };
    this.#state = { name: 'connecting' };
    if (this.#settings) this.#show(this.#stepFor(this.#settings));
  }

  #call({ audio, phone }: Device, user: string): void {
    void audio.resume();
    this.#keys = '';
    if (this.#step instanceof DeviceStep) this.#step.showKeys('');
    phone.call(user);
  }

  #disconnect(): void {
    this.close();
    this.#state = { name: 'off' };
    if (this.#settings) this.#show(this.#stepFor(this.#settings));
  }

  #onState(state: PhoneState): void {
    this.#state = state;
    if (state.name === 'ringing') this.#device?.bell.ring();
    else this.#device?.bell.stop();
    if (state.name === 'ringing') {
      this.#keys = '';
      if (this.#step instanceof DeviceStep) this.#step.showKeys('');
    }
    if (state.name === 'refused') {
      this.#disconnectRefused();
      return;
    }
    if (!(this.#step instanceof DeviceStep)) return;
    this.#step.show(state);
    document.title = this.#step.title;
  }

  #disconnectRefused(): void {
    this.close();
    if (this.#settings) this.#show(this.#stepFor(this.#settings));
  }

  #onSound(stream: MediaStream): void {
    this.#sound = stream;
    if (this.#step instanceof DeviceStep) this.#step.listen(stream);
    const speaker = this.#device?.speaker;
    if (!speaker) return;
    speaker.srcObject = stream;
    speaker.play().catch(() => {
      if (this.#step instanceof DeviceStep) this.#step.offerSound(() => void speaker.play());
    });
  }

  #press(key: string): void {
    if (!this.#device?.phone.key(key)) return;
    const tones = keyTones(key);
    if (tones) this.#device.bell.key(tones);
    this.#keys += key;
    if (this.#step instanceof DeviceStep) this.#step.showKeys(this.#keys);
  }

  #complain(text: string): void {
    if (this.#step instanceof DeviceStep) this.#step.complain(text);
  }
}
