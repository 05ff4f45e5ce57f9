import { CallsInProgress } from '../../server/telephony/calls-in-progress.ts';
import type { CallLimits, FromGateway } from '../../server/telephony/messages.ts';
import type {
  CallEvents,
  CallRequest,
  PlacedCall,
  Telephony,
  TelephonyStatus,
  Voice,
} from '../../server/verification/ports.ts';
import { VoiceServer } from '../../sip-gateway/calls/voice-server.ts';
import { TINY_LOCALE } from '../fakes/tiny-prompts.ts';

export interface InProcessTelephonyOptions {
  readonly trunkUrl: string;
  readonly trunkUri: string;
  readonly promptsDir: string;
  readonly limits: CallLimits;
  readonly onFault: (what: string) => void;
}

/** The voice server without its process, so that what it holds can be counted. */
export class InProcessTelephony implements Telephony {
  readonly #options: InProcessTelephonyOptions;
  readonly #calls: CallsInProgress;
  #server: VoiceServer | undefined;
  #voices: readonly Voice[] = [];
  #status: TelephonyStatus = { ready: false, reason: 'starting', detail: '' };

  private constructor(options: InProcessTelephonyOptions) {
    this.#options = options;
    this.#calls = new CallsInProgress((error, what) => options.onFault(`${what}: ${String(error)}`));
  }

  static async start(options: InProcessTelephonyOptions): Promise<InProcessTelephony> {
    const telephony = new InProcessTelephony(options);
    telephony.#server = await VoiceServer.start({
      config: {
        trunks: [
          {
            name: 'proxy',
            url: options.trunkUrl,
            uri: options.trunkUri,
            register: true,
            dtlsSetup: 'active',
            codecs: ['PCMU', 'PCMA'],
            dtmf: 'auto',
          },
        ],
        defaultLocale: TINY_LOCALE,
        promptsDir: options.promptsDir,
        limits: options.limits,
      },
      instanceId: () => '6f1ed002-ab5d-4b3c-8e1f-000000000003',
      now: Date.now,
      send: (message) => telephony.#hear(message),
    });
    return telephony;
  }

  /** Of the voice server; and the calls that the web server's side still waits for. */
  get load(): VoiceServer['load'] & { readonly awaited: number } {
    if (!this.#server) throw new Error('not started');
    return { ...this.#server.load, awaited: this.#calls.ids.length };
  }

  get voices(): readonly Voice[] {
    return this.#voices;
  }

  status(): TelephonyStatus {
    return this.#status;
  }

  place(call: CallRequest, events: CallEvents): PlacedCall {
    const { ring, call: longest } = this.#options.limits;
    this.#calls.add(call, events, {
      longest: ring + longest + 30_000,
      onOverdue: () => this.#options.onFault(`call ${call.id} was overdue`),
    });
    this.#server?.receive({ type: 'place', call });
    return {
      tell: (verdict) => this.#server?.receive({ type: 'tell', callId: call.id, verdict }),
      hangUp: () => this.#server?.receive({ type: 'hang-up', callId: call.id }),
    };
  }

  /** Nobody calls in. */
  listen(): void {}

  async close(): Promise<void> {
    await this.#server?.close();
  }

  #hear(message: FromGateway): void {
    switch (message.type) {
      case 'status':
        this.#status = message.status;
        return;
      case 'voices':
        this.#voices = message.voices;
        return;
      case 'progress':
        this.#calls.progress(message.callId, message.progress);
        return;
      case 'ended':
        this.#calls.end(message.callId, message.end);
        return;
      case 'code':
        void this.#answer(message);
        return;
      case 'log':
        if (message.level === 'error') this.#options.onFault(`${message.event} ${JSON.stringify(message.fields)}`);
        return;
      case 'speech':
      case 'speaking':
      case 'report':
      case 'fatal':
      case 'incoming':
        this.#options.onFault(`not expected: ${message.type}`);
    }
  }

  async #answer({ callId, seq, code }: Extract<FromGateway, { type: 'code' }>): Promise<void> {
    const verdict = await this.#calls.code(callId, code);
    this.#server?.receive({ type: 'code-verdict', callId, seq, verdict });
  }
}
