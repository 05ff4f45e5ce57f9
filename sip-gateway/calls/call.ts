import type { FromGateway, TrunkConfig } from '../../server/telephony/messages.ts';
import type { KeyTiming, Verdict } from '../../server/verification/call.ts';
import type { CallProgress, CallRequest, ExtensionPart } from '../../server/verification/ports.ts';
import { createKeyEar, type KeyEar } from '../dtmf/key-ear.ts';
import { KeyRhythm } from '../dtmf/key-rhythm.ts';
import type { Pacer } from '../media/pacer.ts';
import { createPlayer, type Player } from '../media/player.ts';
import type { PromptPack } from '../prompts/prompt-pack.ts';
import { utteranceFrames } from '../prompts/utterance-frames.ts';
import type { Utterance } from '../prompts/prompt-name.ts';
import type { Key, ScriptAction, ScriptEvent } from '../scripts/call-script.ts';
import type { CallMedia } from '../sip/call-media.ts';
import type { TrunkCall, TrunkCallEnd, TrunkCallEvents, TrunkRoute } from '../trunks/trunk-call.ts';
import type { Conversation } from './conversation.ts';
import { dialExtension } from './extension-dialer.ts';

/** What a call goes over; keys are sent by INFO on calls that we place only. */
type PlacedLine = Pick<TrunkCall, 'hangUp'> & Partial<Pick<TrunkCall, 'sendInfo'>>;

/** Something that a call goes over, once it is placed there. */
export interface LinePlacer {
  place(route: TrunkRoute, events: TrunkCallEvents): PlacedLine;
  /** Nothing will be placed there. */
  drop?(): void;
}

export interface CallOptions {
  readonly request: CallRequest;
  readonly conversation: Conversation;
  readonly trunks: LinePlacer;
  readonly pack: PromptPack;
  readonly pacer: Pacer;
  /** From the answer, milliseconds; what a script does wrong must not cost more than this. */
  readonly longest: number;
  readonly send: (message: FromGateway) => void;
  readonly now: () => number;
  readonly onEnded: () => void;
}

/**
 * One call of a verification: the script's actions become sound, timers and messages to the web server; keys,
 * the end of sound and the web server's answers become the script's events.
 */
export class Call {
  readonly #options: CallOptions;
  readonly #line: PlacedLine;
  /** Of the trunk that is tried, or carries the call. */
  #media: CallMedia | undefined;
  #ear: KeyEar | undefined;
  #dtmf: TrunkConfig['dtmf'] = 'auto';
  readonly #rhythm = new KeyRhythm();
  #player: Player | undefined;
  #phase: 'dialing' | 'answered' | 'talking' | 'ended' = 'dialing';
  #codeDelivered = false;
  #transactionSpoken = false;
  /** Of the latest code asked about. */
  #seq = 0;
  #told: Verdict | undefined;
  /** The phone holder did not ask for this call, however it ends. */
  #reported = false;
  #waiting: NodeJS.Timeout | undefined;
  #awaitingQuiet: NodeJS.Timeout | undefined;
  #longest: NodeJS.Timeout | undefined;

  /** Dials as soon as a trunk takes the call; answers one that came in. */
  constructor(options: CallOptions) {
    this.#options = options;
    const { trunks, request } = options;
    this.#line = trunks.place(request, {
      onTrying: (trunk, media) => this.#onTrying(trunk, media),
      onDialed: (sipCallId, trunk) => this.#log('info', 'call.dialed', { trunk, sipCallId }),
      onFailed: (end) => this.#log('warn', 'call.trunk-failed', { ...end }),
      onRinging: () => this.#report({ state: 'ringing' }),
      onAnswered: () => this.#onAnswered(),
      onMedia: () => this.#onMedia(),
      onInfo: (info) => this.#ear?.info(info),
      onEnded: (end) => this.#onEnded(end),
    });
  }

  /** The web server's answer to a code that was keyed. */
  onCodeVerdict(seq: number, verdict: Verdict): void {
    if (seq === this.#seq) this.#happened({ type: 'code-verdict', verdict });
  }

  /** The web server's answer to a report. */
  onReportAnswer(kept: boolean): void {
    this.#happened({ type: 'report-answer', kept });
  }

  /** The verification has ended elsewhere. A phone that nobody picked up yet stops ringing. */
  tell(verdict: Verdict): void {
    if (this.#phase === 'dialing') this.#line.hangUp('canceled');
    else if (this.#phase === 'answered') this.#told = verdict;
    else this.#happened({ type: 'told', verdict });
  }

  /** Harmless once it has ended. */
  hangUp(): void {
    this.#line.hangUp('canceled');
  }

  /** Joins our id of the call, which the web server logs with the request, to the network's. */
  #log(level: 'info' | 'warn', event: string, fields: Readonly<Record<string, string | number>>): void {
    const { send, request } = this.#options;
    send({ type: 'log', level, event, fields: { callId: request.id, ...fields } });
  }

  #onTrying({ name, dtmf }: TrunkConfig, media: CallMedia): void {
    this.#media = media;
    this.#dtmf = dtmf;
    this.#listen();
    this.#report({ state: this.#options.request.method === 'dial-in' ? 'ringing' : 'dialing', trunk: name });
  }

  /** With an ear that knows nothing of what it heard before. */
  #listen(): void {
    const media = this.#media;
    if (!media) return;
    const ear = createKeyEar({
      dtmf: this.#dtmf,
      now: this.#options.now,
      onKey: (key) => this.#onKey(key),
      onPacketsNeeded: (needed) => {
        media.onPacket = needed ? (packet) => ear.packet(packet) : undefined;
      },
    });
    this.#ear = ear;
    if (media.negotiated) ear.open(media.negotiated);
  }

  /** Deaf meanwhile: what a switchboard sends back of our keys is no person's. */
  #dial(parts: readonly ExtensionPart[]): void {
    const { negotiated: audio } = this.#media ?? {};
    if (!this.#media || !this.#player || !audio) return;
    this.#ear = undefined;
    this.#media.onPacket = undefined;
    const sendInfo = (contentType: string, body: string): void => this.#line.sendInfo?.(contentType, body);
    const options = { audio, dtmf: this.#dtmf, player: this.#player, sendInfo };
    dialExtension(options, parts, () => this.#happened({ type: 'dialled' }));
  }

  #onAnswered(): void {
    this.#phase = 'answered';
    this.#longest = setTimeout(() => this.#cutOff(), this.#options.longest);
    this.#report({ state: 'answered' });
  }

  #onMedia(): void {
    this.#phase = 'talking';
    if (!this.#media) return;
    this.#player = createPlayer(this.#media, this.#options.pacer);
    if (this.#media.negotiated) this.#ear?.open(this.#media.negotiated);
    this.#happened({ type: 'started' });
    if (this.#told !== undefined) this.#happened({ type: 'told', verdict: this.#told });
  }

  #cutOff(): void {
    if (!this.#codeDelivered) this.#line.hangUp('no-input');
    else this.#line.hangUp(this.#options.request.method === 'spoken' ? 'completed' : 'wrong-code');
  }

  #waited(): void {
    this.#ear?.inVain();
    this.#happened({ type: 'waited' });
  }

  #happened(event: ScriptEvent): void {
    if (this.#phase === 'dialing' || this.#phase === 'ended') return;
    for (const action of this.#options.conversation.step(event)) this.#do(action);
  }

  #do(action: ScriptAction): void {
    switch (action.type) {
      case 'play':
        this.#player?.play(this.#framesOf(action.utterance), () => this.#happened({ type: 'played' }));
        return;
      case 'stop-playing':
        this.#player?.stop();
        return;
      case 'wait':
        clearTimeout(this.#waiting);
        this.#waiting = setTimeout(() => this.#waited(), action.ms);
        return;
      case 'stop-waiting':
        clearTimeout(this.#waiting);
        return;
      case 'await-quiet':
        clearTimeout(this.#awaitingQuiet);
        this.#awaitingQuiet = setTimeout(() => this.#happened({ type: 'quiet' }), action.ms);
        return;
      case 'report':
        this.#reported = true;
        this.#options.send({ type: 'report', callId: this.#options.request.id });
        return;
      case 'submit':
        this.#codeDelivered = true;
        this.#seq += 1;
        this.#submit(action.code);
        return;
      case 'progress':
        this.#report(action.keys === undefined ? { state: action.state } : { state: action.state, keys: action.keys });
        return;
      case 'opening-spoken':
        this.#transactionSpoken = this.#options.request.transaction !== undefined;
        return;
      case 'code-delivered':
        this.#codeDelivered = true;
        return;
      case 'dial':
        this.#dial(action.parts);
        return;
      case 'listen':
        this.#listen();
        return;
      case 'hang-up':
        this.#line.hangUp(action.outcome);
    }
  }

  #onKey(key: Key): void {
    this.#rhythm.press(this.#options.now());
    this.#happened({ type: 'key', key });
  }

  #submit(code: string): void {
    const { send, request } = this.#options;
    send({ type: 'code', callId: request.id, seq: this.#seq, code, ...this.#keyTiming() });
  }

  #keyTiming(): { readonly keyTiming?: KeyTiming } {
    return this.#rhythm.isMachineRegular ? { keyTiming: 'machine-regular' } : {};
  }

  #framesOf(utterance: Utterance): readonly Uint8Array[] {
    const codec = this.#media?.negotiated?.codec ?? 'PCMU';
    return [...utteranceFrames(this.#options.pack, utterance, codec)];
  }

  #report(progress: CallProgress): void {
    if (this.#phase === 'ended') return;
    const said = this.#transactionSpoken && { transactionSpoken: true };
    this.#options.send({ type: 'progress', callId: this.#options.request.id, progress: { ...progress, ...said } });
  }

  #onEnded(end: TrunkCallEnd): void {
    if (this.#phase === 'ended') return;
    this.#happened({ type: 'gone' });
    this.#phase = 'ended';
    clearTimeout(this.#waiting);
    clearTimeout(this.#awaitingQuiet);
    clearTimeout(this.#longest);
    this.#player?.close();
    const { send, request, onEnded } = this.#options;
    const { fault: _logged, ...told } = end;
    const outcome = this.#reported ? 'reported' : end.outcome;
    const facts = { outcome, codeDelivered: this.#codeDelivered, ...this.#keyTiming() };
    send({ type: 'ended', callId: request.id, end: { ...told, ...facts } });
    onEnded();
  }
}
