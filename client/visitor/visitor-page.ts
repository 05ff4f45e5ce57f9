import type {
  CallStateName,
  CreatedVerificationView,
  MethodName,
  PageSettings,
  VerificationView,
} from '../../server/http/contract.ts';
import type { Api } from '../api/api.ts';
import { LiveView } from '../api/live-view.ts';
import { isGone, Refusal } from '../api/refusal.ts';
import { button } from '../dom/element.ts';
import { NoticeStep } from '../dom/notice-step.ts';
import type { PageFrame, Step } from '../dom/page-frame.ts';
import { countryOrDefault } from '../number/country-list.ts';
import type { Words } from '../words/en.ts';
import { voiceFor } from '../words/language.ts';
import { CallStep } from './call-step.ts';
import { RequestKey } from './request-key.ts';
import { ResultStep } from './result-step.ts';
import type { SavedVerification, VerificationMemory } from './saved-verification.ts';
import { StartStep, type Draft, type Line } from './start-step.ts';
import type { WayOn } from './ways-on.ts';

export interface VisitorPageOptions {
  readonly api: Api;
  readonly frame: PageFrame;
  readonly memory: VerificationMemory;
  readonly words: Words;
  /** The words are of a language that the visitor knows, so that the call should be held in it. */
  readonly isTheirs: boolean;
}

/**
 * The visitor's page. Which step stands follows from what is known: no settings, no verification, a pending one, a
 * finished one.
 */
export class VisitorPage {
  readonly #api: Api;
  readonly #frame: PageFrame;
  readonly #memory: VerificationMemory;
  readonly #requestKey = new RequestKey();
  #words: Words;
  #isTheirs: boolean;
  #settings: PageSettings | undefined;
  #draft: Draft | undefined;
  #saved: SavedVerification | undefined;
  #view: VerificationView | undefined;
  #live: LiveView | undefined;
  #step: Step | undefined;
  #opening: 'under-way' | 'failed' | undefined;

  constructor({ api, frame, memory, words, isTheirs }: VisitorPageOptions) {
    this.#api = api;
    this.#frame = frame;
    this.#memory = memory;
    this.#words = words;
    this.#isTheirs = isTheirs;
  }

  /** Loads the settings and goes on with the verification that this tab had, if any. */
  async open(): Promise<void> {
    if (this.#opening === 'under-way') return;
    this.#opening = 'under-way';
    try {
      this.#settings = await this.#api.settings();
      this.#frame.setName(this.#settings.operatorName);
      await this.#resume();
      this.#opening = undefined;
      this.#show();
    } catch {
      this.#opening = 'failed';
      const { trouble } = this.#words;
      this.#showStep(
        new NoticeStep(
          trouble.noSettings,
          button(trouble.retry, 'primary', () => void this.open()),
        ),
      );
    }
  }

  /** In the language that the visitor has chosen. */
  speak(words: Words): void {
    this.#words = words;
    this.#isTheirs = true;
    if (this.#step instanceof StartStep) this.#draft = this.#step.draft;
    const typed = this.#step instanceof CallStep ? this.#step.typed : '';
    if (!this.#settings) return void this.open();
    const step = this.#stepFor(this.#settings, { typed });
    this.#step = step;
    this.#frame.redraw(step);
  }

  /** The network is back, or somebody looks at the page again. */
  reconnect(): void {
    if (this.#opening === 'failed') void this.open();
    else this.#live?.retryNow();
  }

  async #resume(): Promise<void> {
    const saved = this.#memory.read();
    if (!saved) return;
    try {
      const view = await this.#api.view(saved);
      this.#saved = saved;
      this.#take(view);
      if (view.status === 'pending') this.#follow();
    } catch (error) {
      if (!isGone(error)) throw error;
      this.#memory.forget();
    }
  }

  #show(trouble?: Refusal): void {
    if (this.#settings) this.#showStep(this.#stepFor(this.#settings, { trouble }));
  }

  #showStep(step: Step): void {
    this.#step = step;
    this.#frame.show(step);
  }

  #stepFor(
    settings: PageSettings,
    { typed = '', trouble }: { typed?: string; trouble?: Refusal | undefined } = {},
  ): Step {
    const words = this.#words;
    const view = this.#view;
    if (view?.status === 'pending') return this.#callStep(settings, view, typed);
    if (view) {
      return new ResultStep({ words, view, methods: settings.methods, onWayOn: (way) => this.#go(way) });
    }
    if (!settings.openToVisitors) return new NoticeStep(words.trouble.closed);
    const draft = (this.#draft ??= {
      typed: '',
      country: countryOrDefault(settings.defaultCountry),
      extension: '',
      method: settings.methods[0] ?? 'keypad',
    });
    return new StartStep({ words, settings, draft, trouble, onStart: (line, chosen) => this.#start(line, chosen) });
  }

  #callStep(settings: PageSettings, view: VerificationView, typed: string): CallStep {
    return new CallStep({
      words: this.#words,
      view,
      seen: this.#seen(),
      codeLength: this.#saved?.code?.length ?? settings.codeLength,
      code: this.#saved?.code,
      typed,
      now: () => this.#api.now(),
      announce: (text) => this.#frame.announce(text),
      onCode: (code) => this.#check(code),
      onWayOn: (way) => this.#go(way),
      onReconnect: () => this.reconnect(),
    });
  }

  async #start(line: Line, draft: Draft): Promise<void> {
    this.#draft = draft;
    await this.#create(line, draft.method);
  }

  async #create({ to, extension }: Line, method: MethodName): Promise<void> {
    // Where the page could not speak theirs, the server knows more: what their browser asks for, where the number is.
    const locale = this.#isTheirs ? voiceFor(this.#words, this.#settings?.locales ?? []) : undefined;
    // Whoever calls the number of the page knows where the call goes.
    const sayWord = method !== 'dial-in';
    const body = {
      to,
      method,
      sayWord,
      ...(extension !== undefined && { extension }),
      ...(locale !== undefined && { locale }),
    };
    try {
      const created = await this.#api.create(body, this.#requestKey.for(body));
      this.#requestKey.answered();
      this.#begin(created);
    } catch (error) {
      if (error instanceof Refusal) this.#requestKey.answered();
      throw error;
    }
  }

  /** A call has been ordered: its code is new, and so is all that will be seen of it. */
  #begin(created: CreatedVerificationView): void {
    const { token, code, ...view } = created;
    this.#saved = {
      id: view.id,
      token,
      callId: view.call.id,
      seen: [],
      ...(code !== undefined && { code }),
    };
    this.#take(view);
    this.#follow();
    this.#show();
  }

  #follow(): void {
    this.#live?.close();
    this.#setConnection('live');
    const saved = this.#saved;
    if (!saved) return;
    this.#live = new LiveView({
      open: (lastEventId, signal) => this.#api.events(saved, lastEventId, signal),
      onView: (view) => this.#update(view),
      onConnection: (state) => this.#setConnection(state),
      onEnd: () => void this.#refresh().catch(() => this.#follow()),
      onRefused: (refusal) => this.#abandon(refusal),
    });
  }

  #setConnection(state: 'live' | 'lost'): void {
    if (this.#step instanceof CallStep) this.#step.setConnection(state);
    // A proxy that holds streams back lets answers through.
    if (state === 'lost') void this.#refresh().catch(() => {});
  }

  #update(view: VerificationView): void {
    const before = this.#view;
    if (before && isOlder(view, before)) return;
    const hadCode = this.#saved?.code !== undefined;
    this.#take(view);
    const lostCode = hadCode && this.#saved?.code === undefined;
    const isStill = view.status === 'pending' && !lostCode;
    if (isStill && this.#step instanceof CallStep) this.#step.update(view, this.#seen());
    else if (lostCode || view.status !== before?.status) this.#show();
    if (view.status !== 'pending') this.#live?.close();
  }

  #take(view: VerificationView): void {
    this.#view = view;
    if (!this.#saved) return;
    const { code, ...saved } = this.#saved;
    const isSameCall = saved.callId === view.call.id;
    const seen = new Set(isSameCall ? saved.seen : []).add(view.call.state);
    const keptCode = isSameCall || !hasNewCode(view) ? code : undefined;
    this.#saved = {
      ...saved,
      callId: view.call.id,
      seen: [...seen],
      ...(keptCode !== undefined && { code: keptCode }),
    };
    this.#memory.write(this.#saved);
  }

  #seen(): ReadonlySet<CallStateName> {
    return new Set(this.#saved?.seen);
  }

  async #check(code: string): Promise<void> {
    if (!this.#saved) return;
    try {
      const { status, attemptsLeft } = await this.#api.check(this.#saved, code);
      if (this.#view) this.#update({ ...this.#view, status, attemptsLeft });
    } catch (error) {
      // It ended while the code was on its way: what it ended with is the better answer.
      if (error instanceof Refusal && error.code === 'verification_closed') await this.#refresh();
      else throw error;
    }
  }

  async #refresh(): Promise<void> {
    if (!this.#saved) return;
    const before = this.#view;
    const view = await this.#api.view(this.#saved);
    // What an event told in the meantime is newer.
    if (this.#view === before) this.#update(view);
  }

  async #go(way: WayOn): Promise<void> {
    switch (way) {
      case 'call-again':
        return this.#callAgain();
      case 'try-again':
      case 'start-again':
        return this.#again((method) => method);
      case 'other-method':
        return this.#again((method) => (method === 'keypad' ? 'spoken' : 'keypad'));
      case 'change':
      case 'change-number':
      case 'another':
        await this.#cancel();
        if (way === 'another') this.#draft = undefined;
        return this.#abandon();
      case 'cancel':
        await this.#cancel();
        return this.#refresh();
    }
  }

  async #callAgain(): Promise<void> {
    if (!this.#saved) return;
    // Its events would tell of a code that only the answer brings.
    this.#live?.close();
    try {
      this.#begin(await this.#api.callAgain(this.#saved));
    } catch (error) {
      this.#follow();
      if (error instanceof Refusal && error.code === 'verification_closed') await this.#refresh();
      else throw error;
    }
  }

  async #again(methodFor: (method: MethodName) => MethodName): Promise<void> {
    if (!this.#view) return;
    const method = methodFor(this.#view.method);
    if (this.#draft) this.#draft = { ...this.#draft, method };
    await this.#create(this.#view, method);
  }

  async #cancel(): Promise<void> {
    if (this.#saved && this.#view?.status === 'pending') await this.#api.cancel(this.#saved);
  }

  /** Back to the first step. */
  #abandon(trouble?: Refusal): void {
    this.#live?.close();
    this.#live = undefined;
    this.#view = undefined;
    this.#saved = undefined;
    this.#memory.forget();
    this.#show(trouble);
  }
}

/** A call that was ordered elsewhere, in another tab perhaps; who calls us (`dial-in`) keys the code that there is. */
function hasNewCode({ method, call }: VerificationView): boolean {
  return method !== 'dial-in' || call.state === 'queued';
}

/** Answers and events come by different ways and may overtake each other. */
function isOlder(view: VerificationView, known: VerificationView): boolean {
  if (view.call.number !== known.call.number) return view.call.number < known.call.number;
  return view.attemptsLeft > known.attemptsLeft || (view.status === 'pending' && known.status !== 'pending');
}
