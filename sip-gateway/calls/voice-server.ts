import type { FromGateway, GatewayConfig, ToGateway, TrunkConfig } from '../../server/telephony/messages.ts';
import type { CallRequest } from '../../server/verification/ports.ts';
import type { AgentLoad } from '../agent/agent.ts';
import { createDatachannelEngine, type DatachannelEngine } from '../media/datachannel-engine.ts';
import { createPacer, type Pacer } from '../media/pacer.ts';
import type { Speech } from '../prompts/prompt-name.ts';
import { loadPromptLibrary, type PromptLibrary } from '../prompts/prompt-library.ts';
import { SpeechEngine, speechCommandOf } from '../prompts/speech-engine.ts';
import { SpeechError } from '../prompts/speech-error.ts';
import { sweepSpeechFolders } from '../prompts/speech-folder.ts';
import { Trunks } from '../trunks/trunks.ts';
import { Call, type LinePlacer } from './call.ts';
import { conversationFor } from './conversation.ts';
import { faultFields } from './fault-fields.ts';
import { speechOfPayee } from './payee-speech.ts';
import { RingingCalls } from './ringing-calls.ts';

interface CallParts {
  /** The trunks, or a call that came in. */
  readonly line: LinePlacer;
  readonly payee?: Speech | undefined;
}

export interface VoiceServerOptions {
  readonly config: GatewayConfig;
  /** See AgentOptions. */
  readonly instanceId: (trunk: TrunkConfig) => string;
  readonly send: (message: FromGateway) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface VoiceServerLoad extends AgentLoad {
  readonly inConversation: number;
  readonly onTheClock: number;
  readonly peers: number;
}

/** Trunks, media, prompts and the calls under way: the voice server without its process. */
export class VoiceServer {
  readonly #options: VoiceServerOptions;
  readonly #prompts: PromptLibrary;
  readonly #engine: DatachannelEngine;
  readonly #pacer: Pacer;
  readonly #trunks: Trunks;
  readonly #calls = new Map<string, Call>();
  readonly #speech: SpeechEngine | undefined;
  /** Calls that are neither dialed nor answered before their payee is spoken, and what they will go over. */
  readonly #preparing = new Map<string, LinePlacer>();
  readonly #ringing: RingingCalls;
  readonly #onFault: (error: unknown) => void;

  private constructor(options: VoiceServerOptions, prompts: PromptLibrary) {
    const { config, instanceId, send, now } = options;
    const onFault = (error: unknown): void =>
      send({ type: 'log', level: 'error', event: 'gateway.fault', fields: faultFields(error) });
    this.#onFault = onFault;
    this.#options = options;
    this.#prompts = prompts;
    if (config.speechCommand !== undefined) {
      this.#speech = new SpeechEngine({
        command: speechCommandOf(config.speechCommand),
        onGroups: (groups) => send({ type: 'speaking', groups }),
      });
    }
    this.#engine = createDatachannelEngine({ onFault });
    this.#pacer = createPacer({ onFault });
    this.#ringing = new RingingCalls(send);
    this.#trunks = new Trunks({
      trunks: config.trunks,
      limits: config.limits,
      engine: this.#engine,
      instanceId,
      now,
      onFault,
      onStatus: (status) => send({ type: 'status', status }),
      ...(config.dialIn && { dialIn: config.dialIn, onIncoming: (call, trunk) => this.#ringing.offer(call, trunk) }),
    });
  }

  /**
   * Reads the prompts, connects to the trunks in the background.
   * @throws PromptError, SpeechError, or JsSIP's error for a trunk URI that cannot be read.
   */
  static async start(options: VoiceServerOptions): Promise<VoiceServer> {
    const { defaultLocale, promptsDir } = options.config;
    const prompts = await loadPromptLibrary({
      defaultLocale,
      ...(promptsDir === undefined ? {} : { overrideDir: promptsDir }),
    });
    for (const doubt of prompts.doubts) {
      options.send({ type: 'log', level: 'warn', event: 'prompts.doubtful', fields: { doubt } });
    }
    options.send({ type: 'voices', voices: prompts.voices });
    const server = new VoiceServer(options, prompts);
    server.#trunks.start();
    void server.#trySpeech();
    return server;
  }

  receive(message: Exclude<ToGateway, { type: 'configure' | 'shut-down' }>): void {
    switch (message.type) {
      case 'place':
        this.#place(message.call);
        return;
      case 'take':
        this.#take(message.call);
        return;
      case 'refuse':
        this.#ringing.refuse(message.callId, message.status);
        return;
      case 'code-verdict':
        this.#calls.get(message.callId)?.onCodeVerdict(message.seq, message.verdict);
        return;
      case 'report-answer':
        this.#calls.get(message.callId)?.onReportAnswer(message.kept);
        return;
      case 'tell':
        if (this.#dropPrepared(message.callId)) return;
        this.#calls.get(message.callId)?.tell(message.verdict);
        return;
      case 'hang-up':
        if (this.#dropPrepared(message.callId)) return;
        this.#calls.get(message.callId)?.hangUp();
    }
  }

  /** What the server holds; all zero when nothing goes on. */
  get load(): VoiceServerLoad {
    return {
      inConversation: this.#calls.size + this.#preparing.size,
      onTheClock: this.#pacer.size,
      peers: this.#engine.peers,
      ...this.#trunks.load,
    };
  }

  /** Hangs up everything, unregisters. Harmless when called twice. */
  async close(): Promise<void> {
    this.#speech?.close();
    for (const callId of this.#preparing.keys()) this.#dropPrepared(callId);
    for (const call of this.#calls.values()) call.hangUp();
    await this.#trunks.close();
    this.#pacer.close();
    this.#engine.close();
  }

  /** Calls need not wait for it: without speech, names are spelled. */
  async #trySpeech(): Promise<void> {
    if (!this.#speech) return;
    const { config, send } = this.#options;
    await sweepSpeechFolders(this.#options.now());
    try {
      await this.#speech.trial(config.defaultLocale);
      send({ type: 'speech' });
    } catch (error) {
      if (!(error instanceof SpeechError)) throw error;
      send({ type: 'speech', fault: error.message });
    }
  }

  #place(request: CallRequest): void {
    const { id } = request;
    if (this.#calls.has(id) || this.#preparing.has(id)) return;
    this.#begin(request, this.#trunks);
  }

  #take(request: CallRequest): void {
    const line = this.#ringing.take(request.id);
    if (line) this.#begin(request, line);
    else this.#options.send({ type: 'ended', callId: request.id, end: { outcome: 'hung-up', codeDelivered: false } });
  }

  #begin(request: CallRequest, line: LinePlacer): void {
    if (request.transaction && this.#speech) void this.#prepare(request, line, this.#speech);
    else this.#connect(request, { line });
  }

  async #prepare(request: CallRequest, line: LinePlacer, engine: SpeechEngine): Promise<void> {
    this.#preparing.set(request.id, line);
    const payee = await speechOfPayee(request, engine, this.#options.send);
    if (this.#preparing.delete(request.id)) this.#connect(request, { line, payee });
  }

  /** Whether the call was one that is not begun yet: then it has ended. */
  #dropPrepared(callId: string): boolean {
    const line = this.#preparing.get(callId);
    if (!line) return false;
    this.#preparing.delete(callId);
    line.drop?.();
    this.#options.send({ type: 'ended', callId, end: { outcome: 'canceled', codeDelivered: false } });
    return true;
  }

  #connect(request: CallRequest, parts: CallParts): void {
    try {
      this.#calls.set(request.id, this.#call(request, parts));
    } catch (error) {
      this.#onFault(error);
      parts.line.drop?.();
      const end = { outcome: 'trunk-unavailable', codeDelivered: false } as const;
      this.#options.send({ type: 'ended', callId: request.id, end });
    }
  }

  #call(request: CallRequest, { line, payee }: CallParts): Call {
    const { config, send, now } = this.#options;
    return new Call({
      request,
      conversation: conversationFor({ request, limits: config.limits, now, ...(payee && { payee }) }),
      trunks: line,
      pack: this.#prompts.pack(request.locale),
      pacer: this.#pacer,
      longest: config.limits.call,
      send,
      now,
      onEnded: () => this.#calls.delete(request.id),
    });
  }
}
