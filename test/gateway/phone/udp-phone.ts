import { createSocket, type Socket } from 'node:dgram';
import { PhoneCall } from './phone-call.ts';
import { header, parseSip, responseTo, sequence, type SipMessage } from './sip-message.ts';

/**
 * A telephone on plain SIP over UDP (RFC 3261), written apart from JsSIP and from the product, so that what the two
 * get wrong together is seen here. It decides nothing: a test says what it does with each call.
 */
export class UdpPhone {
  readonly #socket: Socket;
  readonly #calls = new Map<string, PhoneCall>();
  readonly #waiting: ((call: PhoneCall) => void)[] = [];
  readonly #unclaimed: PhoneCall[] = [];
  /** Takes each call as it comes, before `nextCall`. */
  onCall: ((call: PhoneCall) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (datagram, from) => this.#receive(datagram.toString(), from));
    socket.on('error', () => undefined);
  }

  static async open(port: number): Promise<UdpPhone> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ port, address: '127.0.0.1', exclusive: true }, resolve);
    });
    return new UdpPhone(socket);
  }

  get calls(): readonly PhoneCall[] {
    return [...this.#calls.values()];
  }

  /** The next INVITE. */
  async nextCall(): Promise<PhoneCall> {
    const call = this.#unclaimed.shift();
    return call ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    for (const call of this.#calls.values()) call.forget();
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }

  #receive(text: string, from: { readonly address: string; readonly port: number }): void {
    const message = parseSip(text);
    if (message === undefined) return;
    const send = (datagram: string): void => this.#socket.send(datagram, from.port, from.address);
    const known = this.#calls.get(header(message, 'call-id'));
    if (known !== undefined) known.receive(message);
    else if (message.method === 'INVITE') this.#ring(message, send);
    else if (message.method === 'OPTIONS') send(responseTo(message, { status: 200, reason: 'OK', toTag: 'phone' }));
    else if (message.method !== undefined && sequence(message).method !== 'ACK') {
      send(responseTo(message, { status: 481, reason: 'Call Does Not Exist', toTag: 'phone' }));
    }
  }

  #ring(invite: SipMessage, send: (datagram: string) => void): void {
    const call = new PhoneCall(invite, { send, port: this.#socket.address().port });
    this.#calls.set(header(invite, 'call-id'), call);
    const claim = this.onCall ?? this.#waiting.shift();
    if (claim === undefined) this.#unclaimed.push(call);
    else claim(call);
  }
}
