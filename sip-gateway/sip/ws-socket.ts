import { WebSocket } from 'ws';

export interface WsSocketOptions {
  /** How long a connection attempt may take, milliseconds. JsSIP itself waits for ever (field notes §1.4). */
  readonly connectLimit?: number;
  /**
   * How often the other side is pinged, milliseconds; a ping that is not answered before the next one is due
   * means that the connection is dead. JsSIP finds a half-open connection only when the kernel does.
   */
  readonly pingEvery?: number;
  /** Called with what a listener threw: a message must not be able to end the process. */
  readonly onFault?: (error: unknown) => void;
}

const CONNECT_LIMIT = 5_000;
const PING_EVERY = 15_000;
/** ws waits 30 s for the closing handshake; a peer that hangs must not keep us. */
const CLOSE_LIMIT = 1_000;
/** Larger than any SIP message that we could want. */
const MAX_MESSAGE = 64 * 1024;

/**
 * JsSIP's socket over `ws` (RFC 7118). JsSIP's own WebSocketInterface wants a global WebSocket, which Node has
 * only since 22, and has neither a limit for connecting nor a keep-alive.
 */
export class WsSocket {
  readonly url: string;
  readonly sip_uri: string;
  via_transport: string;
  readonly #options: WsSocketOptions;
  #ws: WebSocket | undefined;
  #pinging: NodeJS.Timeout | undefined;
  #localAddress: string | undefined;

  /** JsSIP's Transport replaces these three. */
  onconnect(): void {}
  ondisconnect(_error: boolean, _code?: number, _reason?: string): void {}
  ondata(_message: unknown): void {}

  constructor(url: string, options: WsSocketOptions = {}) {
    const { host, protocol } = new URL(url);
    this.url = url;
    this.sip_uri = `sip:${host};transport=ws`;
    this.via_transport = protocol === 'wss:' ? 'WSS' : 'WS';
    this.#options = options;
  }

  /** The address of our end: that of the interface that reaches the other side. */
  get localAddress(): string | undefined {
    return this.#localAddress;
  }

  connect(): void {
    if (this.#ws) return;
    const ws = new WebSocket(this.url, 'sip', {
      handshakeTimeout: this.#options.connectLimit ?? CONNECT_LIMIT,
      maxPayload: MAX_MESSAGE,
      perMessageDeflate: false,
    });
    this.#ws = ws;
    ws.on('upgrade', ({ socket }) => {
      this.#localAddress = socket.localAddress?.replace(/^::ffff:/, '');
    });
    ws.on('open', () => {
      if (this.#ws !== ws) return;
      this.#keepAlive(ws);
      this.#guard(() => this.onconnect());
    });
    ws.addEventListener('message', ({ data }) => {
      if (this.#ws === ws) this.#guard(() => this.ondata(data));
    });
    ws.on('error', () => {}); // 'close' always follows and is what JsSIP acts on
    ws.on('close', (code, reason) => {
      if (this.#ws !== ws) return;
      this.#letGo();
      this.#guard(() => this.ondisconnect(code !== 1000, code, String(reason)));
    });
  }

  disconnect(): void {
    const ws = this.#ws;
    this.#letGo();
    if (!ws) return;
    ws.close(1000);
    const limit = setTimeout(() => ws.terminate(), CLOSE_LIMIT);
    ws.once('close', () => clearTimeout(limit));
  }

  send(message: string): boolean {
    if (!this.isConnected()) return false;
    this.#ws?.send(message);
    return true;
  }

  isConnected(): boolean {
    return this.#ws?.readyState === WebSocket.OPEN;
  }

  isConnecting(): boolean {
    return this.#ws?.readyState === WebSocket.CONNECTING;
  }

  #keepAlive(ws: WebSocket): void {
    let answered = true;
    ws.on('pong', () => {
      answered = true;
    });
    this.#pinging = setInterval(() => {
      if (!answered) {
        ws.terminate();
        return;
      }
      answered = false;
      ws.ping();
    }, this.#options.pingEvery ?? PING_EVERY);
  }

  #letGo(): void {
    this.#ws = undefined;
    clearInterval(this.#pinging);
    this.#pinging = undefined;
  }

  #guard(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#options.onFault?.(error);
    }
  }
}
