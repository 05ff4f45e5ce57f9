import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { refusalOf, type AdmissionPolicy, type Refusal } from './admission.ts';
import { Connection } from './connection.ts';
import { MisbehavingInterceptor } from './misbehaving-interceptor.ts';
import { Misbehaviours, type Misbehaviour } from './misbehaviour.ts';
import { RateLimit } from './rate-limit.ts';
import { SipProxy, type SipProxyOptions } from './sip-proxy.ts';

export interface ProxyOptions extends Omit<SipProxyOptions, 'interceptor'> {
  /** Serve other machines too; otherwise loopback only. */
  readonly open?: boolean;
  /** Origins of web pages that may connect, besides the host they connect to. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<ProxyLimits>;
  /** Milliseconds between WebSocket pings. */
  readonly pingMs?: number;
  /** For tests of the agent: by the number called, `*` for all. */
  readonly misbehaviours?: Readonly<Record<string, readonly Misbehaviour[]>>;
}

export interface ProxyLimits {
  /** Bytes of one SIP message. */
  readonly messageBytes: number;
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Messages: a sender that is faster is read more slowly. */
  readonly perConnection: { readonly perSecond: number; readonly burst: number };
  readonly perAddress: { readonly perSecond: number; readonly burst: number };
}

const PROXY_LIMITS: ProxyLimits = {
  messageBytes: 64 * 1024,
  connections: 2000,
  connectionsPerAddress: 1000,
  // One agent with a hundred calls a second sends about a thousand messages a second.
  perConnection: { perSecond: 2000, burst: 4000 },
  perAddress: { perSecond: 5000, burst: 10_000 },
};

/** One contact of a registered user. `user` is a whole number: not for logs. */
export interface Registration {
  readonly user: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly expiresAt: number;
}

export interface Proxy {
  /** Serves WebSockets at `path` of an HTTP server; whatever else that server does is left alone. */
  attach(server: Server, path: string): void;
  /** Serves on a port of its own, loopback unless told otherwise. Resolves with the address to connect to. */
  listen(options: { readonly port: number; readonly host?: string; readonly path?: string }): Promise<string>;
  registrations(): readonly Registration[];
  /** For tests of the agent: from now on calls of that number (`*` for all) go wrong in this way; an empty list heals. */
  misbehave(user: string, misbehaviours: readonly Misbehaviour[]): void;
  /** Closes every connection and lets go of every server. Harmless when called twice. */
  close(): Promise<void>;
}

const PING_MS = 20_000;
const SWEEP_MS = 10_000;
const GOODBYE_MS = 1000;

/** SIP over WebSocket (RFC 7118) for testers: a registrar and proxy for one domain. */
export function createProxy(options: ProxyOptions): Proxy {
  return new WebSocketProxy(options);
}

class WebSocketProxy implements Proxy {
  readonly #options: ProxyOptions;
  readonly #limits: ProxyLimits;
  readonly #policy: AdmissionPolicy;
  readonly #misbehaviours: Misbehaviours;
  readonly #sip: SipProxy;
  readonly #webSockets: WebSocketServer;
  readonly #connections = new Set<Connection>();
  readonly #addresses = new Map<string, { readonly limit: RateLimit; connections: number }>();
  readonly #detach: (() => void)[] = [];
  readonly #ownServers: Server[] = [];
  readonly #sweep: NodeJS.Timeout;
  #closing: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#limits = { ...PROXY_LIMITS, ...options.limits };
    this.#policy = { open: options.open ?? false, origins: options.origins ?? [] };
    this.#misbehaviours = new Misbehaviours(options.misbehaviours);
    this.#sip = new SipProxy({
      ...options,
      interceptor: new MisbehavingInterceptor(this.#misbehaviours, options.clock),
    });
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: this.#limits.messageBytes,
      handleProtocols: () => 'sip',
    });
    this.#sweep = setInterval(() => this.#sweepAll(), SWEEP_MS).unref();
  }

  attach(server: Server, path: string): void {
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const isOurs = request.url?.split('?', 1)[0] === path;
      if (isOurs) this.#onUpgrade(request, socket, head);
      // Nobody else is there to take it, and an upgrade that nobody takes hangs.
      else if (server.listenerCount('upgrade') === 1) refuse(socket, { status: 404, reason: 'no such path' });
    };
    server.on('upgrade', onUpgrade);
    this.#detach.push(() => server.off('upgrade', onUpgrade));
  }

  async listen({ port, host = '127.0.0.1', path = '/sip' }: { port: number; host?: string; path?: string }) {
    const server = createServer((_request, response) => {
      response.writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket' });
      response.end('SIP over WebSocket (RFC 7118)\n');
    });
    this.attach(server, path);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#ownServers.push(server);
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('the proxy did not get a TCP port');
    return `ws://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}${path}`;
  }

  registrations(): readonly Registration[] {
    return this.#sip.registrations().map(({ user, since, expiresAt }) => ({ user, since, expiresAt }));
  }

  misbehave(user: string, misbehaviours: readonly Misbehaviour[]): void {
    this.#misbehaviours.set(user, misbehaviours);
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#sweep);
    for (const detach of this.#detach.splice(0)) detach();
    this.#sip.close();
    await this.#closeConnections();
    await Promise.all(
      this.#ownServers.splice(0).map(async (server) => {
        await new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeIdleConnections();
        });
      }),
    );
  }

  async #closeConnections(): Promise<void> {
    if (this.#connections.size === 0) return;
    const gone = new Promise<void>((resolve) => (this.#onEmpty = resolve));
    for (const connection of this.#connections) connection.close(1001, 'the proxy is going away');
    // A client that does not say goodbye is not waited for.
    const impatience = setTimeout(() => {
      for (const connection of this.#connections) connection.drop();
    }, GOODBYE_MS);
    await gone;
    clearTimeout(impatience);
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = request.socket.remoteAddress ?? '';
    const port = request.socket.remotePort ?? 0;
    const refusal = refusalOf(request, this.#policy) ?? this.#crowded(address);
    if (refusal) {
      this.#tell(address, refusal.reason);
      refuse(socket, refusal);
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const clock = this.#options.clock;
      const peer = this.#addresses.get(address) ?? {
        limit: new RateLimit(this.#limits.perAddress, clock),
        connections: 0,
      };
      peer.connections += 1;
      this.#addresses.set(address, peer);
      const connection = new Connection({
        socket: webSocket,
        address,
        port,
        limits: [new RateLimit(this.#limits.perConnection, clock), peer.limit],
        pingMs: this.#options.pingMs ?? PING_MS,
        onMessage: (from, bytes) => this.#sip.onMessage(from, bytes),
        onClosed: (closed) => {
          peer.connections -= 1;
          this.#connections.delete(closed);
          if (this.#connections.size === 0) this.#onEmpty?.();
          this.#sip.onDisconnected(closed);
        },
      });
      this.#connections.add(connection);
      this.#sip.onConnected(connection);
    });
  }

  #crowded(address: string): Refusal | undefined {
    const ofAddress = this.#addresses.get(address)?.connections ?? 0;
    const isCrowded =
      this.#closing !== undefined ||
      this.#connections.size >= this.#limits.connections ||
      ofAddress >= this.#limits.connectionsPerAddress;
    return isCrowded ? { status: 503, reason: 'too many connections' } : undefined;
  }

  #sweepAll(): void {
    this.#sip.sweep();
    // An address is remembered as long as forgetting it would forgive it something.
    for (const [address, { connections, limit }] of this.#addresses) {
      if (connections === 0 && limit.isFull) this.#addresses.delete(address);
    }
  }

  #tell(address: string, reason: string): void {
    try {
      this.#options.observer?.({ type: 'refused', address, reason });
    } catch {
      // An observer's fault is its own.
    }
  }
}

function refuse(socket: Duplex, { status, reason }: { readonly status: number; readonly reason: string }): void {
  socket.on('error', () => {}); // it may be gone already
  const body = `${reason}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
