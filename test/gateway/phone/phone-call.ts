import { randomUUID } from 'node:crypto';
import { RtpLine } from './rtp-line.ts';
import { all, header, responseTo, sequence, uriOf, withBody, type SipMessage } from './sip-message.ts';

export type CallEnding = 'far-bye' | 'canceled' | 'rejected' | 'hung-up';

interface Body {
  readonly type: string;
  readonly text: string;
}

/** RFC 3261 §17: the first retransmission over UDP. */
const T1 = 500;
const GIVE_UP = 32_000;
/** The last words may still be on their way when the BYE arrives. */
const ON_THE_WAY = 100;

/** One call at a UdpPhone, from INVITE to its end. */
export class PhoneCall {
  readonly #invite: SipMessage;
  readonly #wire: { readonly send: (datagram: string) => void; readonly port: number };
  readonly #tag = randomUUID().slice(0, 8);
  readonly #resends = new Map<string, NodeJS.Timeout>();
  readonly #media: Promise<RtpLine> = RtpLine.open();
  readonly #answers = new Map<string, (status: number) => void>();
  readonly requests: SipMessage[] = [];
  /** How the call ended, on the wire. */
  readonly ended: Promise<CallEnding>;
  /** Resolves when the far end has acknowledged our answer. */
  readonly confirmed: Promise<void>;
  #sequence = 0;
  #lastFinal: string | undefined;
  #answered: RtpLine | undefined;
  #ending: CallEnding | undefined;
  #end: (how: CallEnding) => void = () => undefined;
  #confirm: () => void = () => undefined;

  constructor(invite: SipMessage, wire: { readonly send: (datagram: string) => void; readonly port: number }) {
    this.#invite = invite;
    this.#wire = wire;
    this.requests.push(invite);
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.confirmed = new Promise((resolve) => (this.#confirm = resolve));
    this.#respond(100, 'Trying');
  }

  /** The number that was called. */
  get number(): string {
    return /^sip:([^@;]+)/.exec(this.#invite.requestUri ?? '')?.[1] ?? '';
  }

  get caller(): string {
    return uriOf(header(this.#invite, 'from'));
  }

  get over(): boolean {
    return this.#ending !== undefined;
  }

  /** How many times the far end asked for this method. */
  count(method: string): number {
    return this.requests.filter((request) => request.method === method).length;
  }

  ring(): void {
    this.#respond(180, 'Ringing');
  }

  reject(status: number, reason: string): void {
    this.#finalResponse({ status, reason });
    this.#finish('rejected');
  }

  /** Picks up: takes the first codec that both know and talks to where the far end listens. */
  async answer(options: { readonly telephoneEvent?: boolean } = {}): Promise<RtpLine> {
    const media = await this.#media;
    this.#answered = media;
    this.#finalResponse({ status: 200, reason: 'OK', sdp: this.#sdp(media, options) });
    this.#listen(media, this.#invite.body);
    return media;
  }

  /** Keys a digit by INFO, in whichever body form; resolves with the final status. */
  async keyByInfo(
    digit: string,
    form = { type: 'application/dtmf-relay', body: 'Signal=@\r\nDuration=160\r\n' },
  ): Promise<number> {
    return this.#request('INFO', { type: form.type, text: form.body.replace('@', digit) });
  }

  /** Keys a digit as telephone-event (RFC 4733), with the number that the far end offered for it. */
  keyByTelephoneEvent(digit: string): void {
    this.#answered?.key(digit, telephoneEventOf(this.#invite.body) ?? 101);
  }

  /** Keys a digit as a tone in the audio. */
  keyByTone(digit: string): void {
    this.#answered?.tone(digit, codecOf(this.#invite.body));
  }

  /** Where the far end hears, as it said when it called. */
  get offer(): string {
    return this.#invite.body;
  }

  /** Moves the far end's media to another place, by a re-INVITE (RFC 3261 §14). */
  async moveMedia(sdp: string): Promise<number> {
    const status = await this.#request('INVITE', { type: 'application/sdp', text: sdp });
    this.#wire.send(this.#inDialog('ACK', `${this.#sequence} ACK`));
    return status;
  }

  async hangUp(): Promise<number> {
    const status = this.#request('BYE');
    this.#finish('hung-up');
    return status;
  }

  /** The phone is taken from the wall: nothing is said any more. */
  forget(): void {
    for (const timer of this.#resends.values()) clearTimeout(timer);
    this.#resends.clear();
    for (const answered of this.#answers.values()) answered(0);
    this.#answers.clear();
    void this.#media.then((media) => media.close());
  }

  receive(message: SipMessage): void {
    if (message.status !== undefined) this.#takeResponse(message, message.status);
    else this.#takeRequest(message);
  }

  #takeRequest(request: SipMessage): void {
    this.requests.push(request);
    switch (request.method ?? '') {
      case 'INVITE':
        this.#takeInvite(request);
        return;
      case 'ACK':
        this.#stopResending('final');
        if (this.#ending === undefined) this.#confirm();
        return;
      case 'CANCEL':
        this.#answerTo(request, 200, 'OK');
        if (this.#lastFinal === undefined) {
          this.#finalResponse({ status: 487, reason: 'Request Terminated' });
          this.#finish('canceled');
        }
        return;
      case 'BYE':
        this.#answerTo(request, 200, 'OK');
        setTimeout(() => this.#finish('far-bye'), ON_THE_WAY);
        return;
      default:
        this.#answerTo(request, 200, 'OK');
    }
  }

  /** A retransmission gets the last answer again; a re-INVITE moves the media. */
  #takeInvite(request: SipMessage): void {
    if (sequence(request).number === sequence(this.#invite).number) {
      if (this.#lastFinal !== undefined) this.#wire.send(this.#lastFinal);
      return;
    }
    const media = this.#answered;
    if (media === undefined) return;
    this.#wire.send(
      responseTo(request, {
        status: 200,
        reason: 'OK',
        toTag: this.#tag,
        contact: this.#contact,
        sdp: this.#sdp(media, {}),
      }),
    );
    this.#listen(media, request.body);
  }

  #takeResponse(response: SipMessage, status: number): void {
    if (status < 200) return;
    const key = header(response, 'cseq');
    this.#stopResending(key);
    this.#answers.get(key)?.(status);
    this.#answers.delete(key);
  }

  #listen(media: RtpLine, sdp: string): void {
    const far = {
      address: /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? '127.0.0.1',
      port: Number(/^m=audio (\d+)/m.exec(sdp)?.[1]),
    };
    media.talkTo(far, codecOf(sdp));
  }

  #sdp(media: RtpLine, options: { readonly telephoneEvent?: boolean }): string {
    const codec = codecOf(this.#invite.body);
    const event = options.telephoneEvent === false ? undefined : telephoneEventOf(this.#invite.body);
    const lines = [
      'v=0',
      'o=phone 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${media.port} RTP/AVP ${codec}${event === undefined ? '' : ` ${event}`}`,
      `a=rtpmap:${codec} ${codec === 0 ? 'PCMU' : 'PCMA'}/8000`,
      ...(event === undefined ? [] : [`a=rtpmap:${event} telephone-event/8000`, `a=fmtp:${event} 0-16`]),
      'a=ptime:20',
      'a=sendrecv',
    ];
    return `${lines.join('\r\n')}\r\n`;
  }

  get #contact(): string {
    return `sip:phone@127.0.0.1:${this.#wire.port}`;
  }

  #respond(status: number, reason: string): void {
    this.#wire.send(responseTo(this.#invite, { status, reason, toTag: this.#tag, contact: this.#contact }));
  }

  #answerTo(request: SipMessage, status: number, reason: string): void {
    this.#wire.send(responseTo(request, { status, reason, toTag: this.#tag }));
  }

  /** Sent again until the ACK comes (RFC 3261 §13.3.1.4 and §17.2.1). */
  #finalResponse(parts: { readonly status: number; readonly reason: string; readonly sdp?: string }): void {
    this.#lastFinal = responseTo(this.#invite, { ...parts, toTag: this.#tag, contact: this.#contact });
    this.#sendUntilStopped('final', this.#lastFinal);
  }

  async #request(method: 'INFO' | 'BYE' | 'INVITE', body?: Body): Promise<number> {
    this.#sequence += 1;
    const key = `${this.#sequence} ${method}`;
    const answered = new Promise<number>((resolve) => this.#answers.set(key, resolve));
    this.#sendUntilStopped(key, this.#inDialog(method, key, body));
    return answered;
  }

  #inDialog(method: string, cseq: string, body?: Body): string {
    const from = header(this.#invite, 'to');
    const lines = [
      `${method} ${uriOf(header(this.#invite, 'contact'))} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${this.#wire.port};rport;branch=z9hG4bK${randomUUID()}`,
      'Max-Forwards: 70',
      ...all(this.#invite, 'record-route').map((route) => `Route: ${route}`),
      `From: ${from.includes(';tag=') ? from : `${from};tag=${this.#tag}`}`,
      `To: ${header(this.#invite, 'from')}`,
      `Call-ID: ${header(this.#invite, 'call-id')}`,
      `CSeq: ${cseq}`,
      `Contact: <${this.#contact}>`,
    ];
    return withBody(lines, body);
  }

  #sendUntilStopped(key: string, datagram: string, wait = T1): void {
    this.#wire.send(datagram);
    const next = Math.min(wait * 2, GIVE_UP);
    this.#resends.delete(key);
    if (wait < GIVE_UP) {
      const resend = setTimeout(() => this.#sendUntilStopped(key, datagram, next), wait);
      this.#resends.set(key, resend);
    }
  }

  #stopResending(key: string): void {
    clearTimeout(this.#resends.get(key));
    this.#resends.delete(key);
  }

  #finish(how: CallEnding): void {
    if (this.#ending !== undefined) return;
    this.#ending = how;
    void this.#media.then((media) => media.close());
    this.#end(how);
  }
}

/** The first of PCMU (0) and PCMA (8) in the offer. */
function codecOf(sdp: string): number {
  const formats = (/^m=audio \d+ \S+ (.+?)\r?$/m.exec(sdp)?.[1] ?? '').split(' ').map(Number);
  return formats.find((format) => format === 0 || format === 8) ?? 0;
}

function telephoneEventOf(sdp: string): number | undefined {
  const number = /^a=rtpmap:(\d+) telephone-event\/8000/m.exec(sdp)?.[1];
  return number === undefined ? undefined : Number(number);
}
