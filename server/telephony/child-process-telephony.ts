import type {
  CallEvents,
  CallRequest,
  CallRoute,
  IncomingCall,
  IncomingDecision,
  LineStatus,
  PlacedCall,
  TakeIncoming,
  Telephony,
  TelephonyStatus,
  Voice,
} from '../verification/ports.ts';
import { OUR_VOICES } from '../verification/shared-words.ts';
import { BackOff, RESTART_LIMITS, type BackOffLimits } from './back-off.ts';
import { CallsInProgress } from './calls-in-progress.ts';
import { GatewayProcess, type GatewayNews } from './gateway-process.ts';
import type { FromGateway, GatewayConfig } from './messages.ts';
import { routeStatus } from './route-status.ts';

type LogMessage = Extract<FromGateway, { type: 'log' }>;

export interface ChildProcessTelephonyOptions {
  readonly script: string;
  /** The environment of the child; no secret of the web server belongs there. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: GatewayConfig;
  readonly log: (level: LogMessage['level'], event: string, fields?: LogMessage['fields']) => void;
  readonly onError: (error: unknown, what: string) => void;
  readonly now: () => number;
  readonly restart?: BackOffLimits;
  /** How long a call may outlive its own limits before it is given up. */
  readonly callSlack?: number;
}

/** The voice server cannot work with its configuration; trying again does not help. */
export class GatewayConfigError extends Error {
  override readonly name = 'GatewayConfigError';
}

const CALL_SLACK = 30_000;
/** To load prompts and say how the trunk is; a slower trunk is waited for in the background. */
const FIRST_WORD_WITHIN = 5_000;
/** For a speech command's trial besides; longer than the voice server gives it. */
const TRIAL_WITHIN = 12_000;
const STOP_GRACE = 2_500;

const DECLINED: IncomingDecision = { take: false, status: 603 };

const STARTING: LineStatus = { ready: false, reason: 'starting', detail: 'The voice server is starting' };
const CLOSED: LineStatus = { ready: false, reason: 'closed', detail: 'The server is stopping' };

/** Telephony by a voice server that runs as our child: started again when it dies, and its calls then ended. */
export class ChildProcessTelephony implements Telephony {
  readonly #options: ChildProcessTelephonyOptions;
  readonly #calls: CallsInProgress;
  readonly #backOff: BackOff;
  #status: TelephonyStatus;
  #gateway: GatewayProcess | undefined;
  #startedAt = 0;
  #restarting: NodeJS.Timeout | undefined;
  #fatal: string | undefined;
  #isStarted = false;
  #awaitsSpeech: boolean;
  #speechFault: string | undefined;
  #firstWord: (() => void) | undefined;
  /** Until it has said what it has prompts for: ours are there in any case. */
  #voices: readonly Voice[] = OUR_VOICES;
  #take: TakeIncoming = async () => DECLINED;
  #closed: Promise<void> | undefined;

  constructor(options: ChildProcessTelephonyOptions) {
    this.#options = options;
    this.#status = this.#forAll(STARTING);
    this.#calls = new CallsInProgress(options.onError);
    this.#awaitsSpeech = options.config.speechCommand !== undefined;
    this.#backOff = new BackOff(options.restart ?? RESTART_LIMITS);
  }

  /**
   * Starts the voice server and waits for its first word. A trunk that cannot be reached is no error.
   * @throws GatewayConfigError when it cannot work with its configuration: a prompt is missing, the speech command does
   * not speak.
   */
  async start(): Promise<void> {
    const firstWord = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FIRST_WORD_WITHIN + (this.#awaitsSpeech ? TRIAL_WITHIN : 0));
      this.#firstWord = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#launch();
    await firstWord;
    this.#isStarted = true;
    const why = this.#fatal ?? this.#speechFault;
    if (why === undefined) return;
    await this.close();
    throw new GatewayConfigError(why);
  }

  status(route?: CallRoute): TelephonyStatus {
    return route ? routeStatus(route, this.#options.config.trunks, this.#status) : this.#status;
  }

  get voices(): readonly Voice[] {
    return this.#voices;
  }

  /** The voice server's process, for tests and for people who look. */
  get pid(): number | undefined {
    return this.#gateway?.pid;
  }

  place(call: CallRequest, events: CallEvents): PlacedCall {
    this.#add(call, events);
    if (this.#gateway) this.#gateway.send({ type: 'place', call });
    else setImmediate(() => this.#calls.endLost(call.id));
    return this.#line(call.id);
  }

  listen(take: TakeIncoming): void {
    this.#take = take;
  }

  /** Hangs up everything and stops the voice server. Harmless when called twice. */
  async close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#status = this.#forAll(CLOSED);
    clearTimeout(this.#restarting);
    this.#firstWord?.();
    await this.#gateway?.stop(STOP_GRACE);
    for (const callId of this.#calls.ids) this.#calls.end(callId, { outcome: 'canceled', codeDelivered: false });
  }

  #add(call: CallRequest, events: CallEvents): void {
    const { limits } = this.#options.config;
    this.#calls.add(call, events, {
      longest: limits.ring + limits.call + (this.#options.callSlack ?? CALL_SLACK),
      onOverdue: () => {
        this.#options.log('error', 'call.overdue', { callId: call.id });
        this.#gateway?.send({ type: 'hang-up', callId: call.id });
      },
    });
  }

  #line(callId: string): PlacedCall {
    return {
      tell: (verdict) => {
        if (this.#calls.has(callId)) this.#gateway?.send({ type: 'tell', callId, verdict });
      },
      hangUp: () => {
        if (this.#calls.has(callId)) this.#gateway?.send({ type: 'hang-up', callId });
      },
    };
  }

  async #offer(call: IncomingCall, gateway: GatewayProcess): Promise<void> {
    const decision = await this.#take(call, this.#line(call.id)).catch((error: unknown) => {
      this.#options.onError(error, 'deciding about a call that came in');
      return DECLINED;
    });
    if (!decision.take) {
      gateway.send({ type: 'refuse', callId: call.id, status: decision.status });
      return;
    }
    this.#add(decision.call, decision.events);
    // The one it came in on may be gone by now, and another one there that knows nothing of it.
    if (this.#gateway === gateway) gateway.send({ type: 'take', call: decision.call });
    else this.#calls.endLost(call.id);
  }

  #launch(): void {
    const { script, env, config, log, now } = this.#options;
    this.#status = this.#forAll(STARTING);
    this.#startedAt = now();
    const gateway = new GatewayProcess({
      script,
      env,
      onMessage: (message) => this.#hear(message, gateway),
      onGone: (how) => this.#gone(how),
      onLine: (line) => log('warn', 'gateway.output', { line }),
    });
    this.#gateway = gateway;
    gateway.send({ type: 'configure', config });
  }

  #hear(message: GatewayNews, gateway: GatewayProcess): void {
    switch (message.type) {
      case 'voices':
        this.#voices = message.voices;
        break;
      case 'status':
        this.#hearStatus(message.status);
        break;
      case 'speech':
        this.#hearSpeech(message.fault);
        break;
      case 'incoming':
        void this.#offer(message.call, gateway);
        break;
      case 'progress':
        this.#calls.progress(message.callId, message.progress);
        break;
      case 'code': {
        const { callId, seq, code, keyTiming } = message;
        void this.#calls
          .code(callId, code, keyTiming)
          .then((verdict) => gateway.send({ type: 'code-verdict', callId, seq, verdict }));
        break;
      }
      case 'report': {
        const { callId } = message;
        void this.#calls.report(callId).then((kept) => gateway.send({ type: 'report-answer', callId, kept }));
        break;
      }
      case 'ended':
        this.#calls.end(message.callId, message.end);
        break;
      case 'log':
        this.#options.log(message.level, `gateway.${message.event}`, message.fields);
        break;
      case 'fatal':
        this.#fatal = message.message;
        this.#options.log('error', 'gateway.fatal', { detail: message.message });
        break;
    }
  }

  #hearStatus(heard: TelephonyStatus): void {
    if (this.#closed) return;
    const before = this.#status;
    const status = heard.trunks ? heard : this.#forAll(heard);
    this.#status = status;
    this.#fatal = undefined;
    this.#logChange('telephony.status', before, status);
    for (const trunk of status.trunks ?? []) {
      this.#logChange(
        'trunk.status',
        before.trunks?.find(({ name }) => name === trunk.name),
        trunk,
      );
    }
    this.#endStart();
  }

  /** Names can be spelled: what is a mistake at start does not end what works since. */
  #hearSpeech(fault: string | undefined): void {
    this.#awaitsSpeech = false;
    if (fault !== undefined) {
      this.#speechFault = `RINGPROOF_SPEECH_COMMAND: ${fault}`;
      if (this.#isStarted) this.#options.log('error', 'speech.failed', { detail: this.#speechFault });
    }
    this.#endStart();
  }

  #endStart(): void {
    const isStarting = !this.#status.ready && this.#status.reason === 'starting';
    if (this.#speechFault !== undefined || !(isStarting || this.#awaitsSpeech)) this.#firstWord?.();
  }

  #logChange(event: string, before: LineStatus | undefined, status: LineStatus & { readonly name?: string }): void {
    const wasSo = before?.ready === status.ready && (before.ready || status.ready || before.reason === status.reason);
    if (wasSo) return;
    const { name } = status;
    const why = status.ready ? {} : { reason: status.reason, detail: status.detail };
    const fields = { ...(name !== undefined && { trunk: name }), ready: status.ready, ...why };
    this.#options.log(status.ready ? 'info' : 'warn', event, fields);
  }

  /** What is so for the voice server is so for each of its trunks. */
  #forAll(status: LineStatus): TelephonyStatus {
    return { ...status, trunks: this.#options.config.trunks.map(({ name }) => ({ name, ...status })) };
  }

  #gone(how: string): void {
    this.#gateway = undefined;
    const lost = this.#calls.ids;
    if (this.#closed) return;
    const wait = this.#backOff.next(this.#options.now() - this.#startedAt);
    this.#options.log('error', 'gateway.gone', { how, callsLost: lost.length, restartInMs: wait });
    const detail = this.#fatal ?? `The voice server stopped (${how})`;
    this.#status = this.#forAll({ ready: false, reason: 'gateway-down', detail });
    for (const callId of lost) this.#calls.endLost(callId);
    this.#restarting = setTimeout(() => this.#launch(), wait);
    this.#firstWord?.();
  }
}
