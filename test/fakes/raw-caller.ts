import { onTestFinished } from 'vitest';
import {
  bodyOf,
  fieldOf,
  fieldsOf,
  RawClient,
  register,
  sip,
  statusOf,
} from '../integration/proxy/support/raw-client.ts';

const USER = '2002';
const OURS = `sip:${USER}@example.test`;
const THEIRS = 'sip:agent@example.test';
const CONTACT = `Contact: <sip:${USER}@caller.invalid;transport=ws>`;
const SDP = 'Content-Type: application/sdp';

/** A caller on a SipSwitch that says what no user agent would say: SIP text, with no state but the dialog's names. */
export class RawCaller {
  readonly #client: RawClient;
  readonly #callId = `raw-${Math.random().toString(36).slice(2)}`;
  #invite = '';
  /** To and Request-URI of the dialog, once it is answered. */
  #far = { to: `<${THEIRS}>`, uri: THEIRS };
  #cseq = 0;

  private constructor(client: RawClient) {
    this.#client = client;
  }

  static async start(url: string): Promise<RawCaller> {
    const client = await RawClient.connect(url);
    onTestFinished(() => client.close());
    await client.ask(register(USER, { from: OURS }));
    return new RawCaller(client);
  }

  /** Without an SDP: the other side is to offer (RFC 3261 §13.2.1). */
  invite(sdp?: string): void {
    this.#invite = this.#request('INVITE', sdp);
    this.#client.send(this.#invite);
  }

  /** The first 2xx to the INVITE. */
  async answered(): Promise<{ readonly body: string }> {
    const ok = await this.response('INVITE', 200);
    const uri = /<([^>]+)>/.exec(fieldOf(ok, 'Contact'))?.[1] ?? THEIRS;
    this.#far = { to: fieldOf(ok, 'To'), uri };
    return { body: bodyOf(ok) };
  }

  acknowledge(sdp?: string): void {
    const cseq = Number.parseInt(fieldOf(this.#invite, 'CSeq'), 10);
    this.#client.send(this.#message('ACK', { cseq, sdp }));
  }

  /** In the transaction of the INVITE (RFC 3261 §9.1). */
  cancel(): void {
    const [branch = ''] = fieldsOf(this.#invite, 'Via').flatMap((via) => /branch=([^;]+)/.exec(via)?.[1] ?? []);
    const cseq = Number.parseInt(fieldOf(this.#invite, 'CSeq'), 10);
    this.#client.send(sip('CANCEL', { uri: THEIRS, from: OURS, to: THEIRS, callId: this.#callId, cseq, branch }));
  }

  /** A request in the dialog. */
  send(method: string, more: readonly string[] = []): void {
    this.#client.send(this.#request(method, undefined, more));
  }

  /** The next response to this method with this status; those before it are passed over. */
  async response(method: string, status: number): Promise<string> {
    for (;;) {
      const message = await this.#client.next();
      if (statusOf(message) === status && fieldOf(message, 'CSeq').endsWith(method)) return message;
    }
  }

  /** Answers whatever the other side offers from now on, as it does to mend its media. */
  async keepAnswering(answerTo: (offer: string) => Promise<string>): Promise<never> {
    for (;;) {
      const invite = await this.#client.nextLike('INVITE ');
      const body = await answerTo(bodyOf(invite));
      this.#client.answer(invite, '200 OK', { headers: [CONTACT, SDP], body });
    }
  }

  /** The body of the next NOTIFY, which is acknowledged. */
  async isNotified(): Promise<string> {
    return bodyOf(await this.#takes('NOTIFY'));
  }

  async isHungUp(): Promise<void> {
    await this.#takes('BYE');
  }

  async #takes(method: string): Promise<string> {
    const request = await this.#client.nextLike(`${method} `);
    this.#client.answer(request, '200 OK');
    return request;
  }

  #request(method: string, sdp?: string, more?: readonly string[]): string {
    this.#cseq += 1;
    return this.#message(method, { cseq: this.#cseq, sdp, more });
  }

  #message(method: string, { cseq, sdp = '', more = [] }: MessageParts): string {
    const fields = { from: OURS, callId: this.#callId, cseq, ...this.#far };
    return sip(method, { ...fields, body: sdp, more: [CONTACT, ...(sdp === '' ? [] : [SDP]), ...more] });
  }
}

interface MessageParts {
  readonly cseq: number;
  readonly sdp?: string | undefined;
  readonly more?: readonly string[] | undefined;
}
