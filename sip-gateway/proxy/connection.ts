import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import type { Flow } from './flow.ts';
import type { RateLimit } from './rate-limit.ts';

/** A client that takes nothing off its socket for this long a backlog is gone or hostile. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

export interface ConnectionOptions {
  readonly socket: WebSocket;
  readonly address: string;
  readonly port: number;
  /** All that this connection's messages count against. */
  readonly limits: readonly RateLimit[];
  readonly pingMs: number;
  readonly onMessage: (connection: Connection, bytes: Buffer) => void;
  readonly onClosed: (connection: Connection) => void;
}

/** One WebSocket as a flow of SIP messages: paced, pinged, closed once. */
export class Connection implements Flow {
  readonly id = randomBytes(9).toString('base64url');
  readonly address: string;
  readonly port: number;
  readonly #options: ConnectionOptions;
  readonly #socket: WebSocket;
  readonly #ping: NodeJS.Timeout;
  #resume: NodeJS.Timeout | undefined;
  #isAlive = true;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#socket = options.socket;
    this.address = options.address;
    this.port = options.port;
    this.#ping = setInterval(() => this.#checkAlive(), options.pingMs).unref();
    this.#socket.on('message', (data) => this.#onMessage(toBuffer(data)));
    this.#socket.on('pong', () => (this.#isAlive = true));
    this.#socket.on('error', () => {}); // 'close' always follows
    this.#socket.on('close', () => {
      clearInterval(this.#ping);
      clearTimeout(this.#resume);
      options.onClosed(this);
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(message: Uint8Array): void {
    if (!this.isOpen) return;
    if (this.#socket.bufferedAmount > MAX_BACKLOG_BYTES) {
      this.#socket.terminate();
      return;
    }
    // RFC 7118 §5.1 lets both kinds of frame carry SIP; bytes that are no UTF-8 may only travel in a binary one.
    this.#socket.send(message, { binary: !isUtf8(message) });
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  drop(): void {
    this.#socket.terminate();
  }

  #onMessage(bytes: Buffer): void {
    if (!this.isOpen) return;
    this.#isAlive = true;
    const waitMs = Math.max(0, ...this.#options.limits.map((limit) => limit.take()));
    if (waitMs > 0) this.#pause(waitMs);
    this.#options.onMessage(this, bytes);
  }

  /** Too fast: the socket is not read for a while, and TCP slows the sender down. Nothing is lost. */
  #pause(ms: number): void {
    // What has been read already still comes in, and makes the wait longer.
    clearTimeout(this.#resume);
    this.#socket.pause();
    this.#resume = setTimeout(() => {
      this.#resume = undefined;
      this.#isAlive = true;
      this.#socket.resume();
    }, ms).unref();
  }

  #checkAlive(): void {
    if (this.#resume) return;
    if (!this.#isAlive) {
      this.#socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
  }
}

function toBuffer(data: WebSocket.RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
