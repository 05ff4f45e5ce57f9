import type { Outcome, Verdict } from '../../../server/verification/call.ts';
import type { Utterance } from '../../../sip-gateway/prompts/prompt-name.ts';
import type { CallScript, ScriptAction, ScriptEvent } from '../../../sip-gateway/scripts/call-script.ts';

/** Milliseconds that an utterance takes: longer than the silence that makes a key stand alone. */
const WORDS_LAST = 2_500;

/** One call, played by hand: what the person and the page do goes in, what was said and done comes out. */
export class Conversation<State> {
  readonly #script: CallScript<State>;
  #state: State;
  #now = 0;
  /** What is being said, prompts only. */
  #saying: string | undefined;
  #utterance: Utterance = [];
  #waiting: number | undefined;
  #awaitingQuiet: number | undefined;

  /** Everything said since the last `heard()`. */
  #said: string[] = [];
  readonly submitted: string[] = [];
  readonly progress: string[] = [];
  openingSpoken = 0;
  codeDelivered = 0;
  reports = 0;
  outcome: Outcome | undefined;
  hangUps = 0;

  constructor(script: CallScript<State>) {
    this.#script = script;
    this.#state = script.initial;
  }

  /** The call is answered. */
  start(): this {
    return this.happens({ type: 'started' });
  }

  /** Key by key. */
  press(keys: string): this {
    for (const key of keys) this.happens({ type: 'key', key });
    return this;
  }

  /** Lets everything be said to its end. */
  listen(): this {
    while (this.#saying !== undefined) this.hearOut();
    return this;
  }

  /** Lets what is being said now be said to its end. */
  hearOut(): this {
    if (this.#saying === undefined) throw new Error('nothing is being said');
    this.#saying = undefined;
    this.#now += WORDS_LAST;
    return this.happens({ type: 'played' });
  }

  /** Does nothing until the script's patience is over. */
  keepSilent(): this {
    if (this.#waiting === undefined) throw new Error('nothing is waited for');
    this.#waiting = undefined;
    return this.happens({ type: 'waited' });
  }

  /** Lets this much time pass, in which nothing is keyed and nothing else happens. */
  later(ms: number): this {
    this.#now += ms;
    return this;
  }

  /** Presses no key until the script is sure that there will be none. */
  keepQuiet(): this {
    if (this.#awaitingQuiet === undefined) throw new Error('nobody listens for quiet');
    this.#now += this.#awaitingQuiet;
    this.#awaitingQuiet = undefined;
    return this.happens({ type: 'quiet' });
  }

  pageSays(verdict: Verdict): this {
    return this.happens({ type: 'told', verdict });
  }

  codeIs(verdict: Verdict): this {
    return this.happens({ type: 'code-verdict', verdict });
  }

  /** All that was said since this was last asked, one string for each utterance, silences left out. */
  heard(): readonly string[] {
    const said = this.#said;
    this.#said = [];
    return said;
  }

  /** What is being said, or was last, with its silences. */
  get utterance(): Utterance {
    return this.#utterance;
  }

  get saying(): string | undefined {
    return this.#saying;
  }

  /** Milliseconds until the script loses its patience. */
  get waitingFor(): number | undefined {
    return this.#waiting;
  }

  get state(): State {
    return this.#state;
  }

  happens(event: ScriptEvent): this {
    this.#now += 100;
    const { state, actions } = this.#script.step(this.#state, event, this.#now);
    this.#state = state;
    for (const action of actions) this.#take(action);
    return this;
  }

  #take(action: ScriptAction): void {
    switch (action.type) {
      case 'play':
        this.#utterance = action.utterance;
        this.#saying = action.utterance.filter((part) => typeof part === 'string').join(' ');
        this.#said.push(this.#saying);
        break;
      case 'stop-playing':
        this.#saying = undefined;
        break;
      case 'wait':
        this.#waiting = action.ms;
        break;
      case 'stop-waiting':
        this.#waiting = undefined;
        break;
      case 'await-quiet':
        this.#awaitingQuiet = action.ms;
        break;
      case 'report':
        this.reports++;
        break;
      case 'submit':
        this.submitted.push(action.code);
        break;
      case 'progress':
        this.progress.push(action.keys === undefined ? action.state : `${action.state} ${action.keys}`);
        break;
      case 'opening-spoken':
        this.openingSpoken++;
        break;
      case 'code-delivered':
        this.codeDelivered++;
        break;
      case 'dial':
      case 'listen':
        break;
      case 'hang-up':
        this.outcome = action.outcome;
        this.hangUps++;
        break;
    }
  }
}
