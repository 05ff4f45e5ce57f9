import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { PROBLEM_MEDIA_TYPE, Problem, toDocument, type ProblemCode } from './problem.ts';

/** A request of ours is a few hundred bytes: whoever needs longer to send one is slow on purpose, or gone. */
const REQUEST_LIMITS = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
  /** Of a connection on which nothing moves: event streams beat more often, and who does not read an answer is gone. */
  idleTimeout: 60_000,
  /** More than a busy site's pages need, and fewer than a process may have files. */
  maxConnections: 4_096,
};
/** Answers under way at close get this long; event streams have been ended by then. */
const CLOSE_GRACE = 1_000;
const IDLE_CHECK = 20;

/**
 * The HTTP port. It can be bound before the app is there (the voice server needs the port's number to register
 * with the local proxy), and answers 503 until `serve`.
 */
export class WebServer {
  readonly server: Server;
  /** Also those that were upgraded, which Node's server forgets. */
  readonly #sockets = new Set<Socket>();
  #handle: ((...exchange: Parameters<RequestListener>) => unknown) | undefined;
  #emptied: Promise<void> | undefined;

  constructor(limits: Partial<typeof REQUEST_LIMITS> = {}) {
    this.server = createServer({ ...REQUEST_LIMITS, ...limits }, (request, response) => {
      if (this.#handle) void this.#handle(request, response);
      else response.writeHead(503, { ...PROBLEM_HEADERS, 'Retry-After': '1' }).end(JSON.stringify(STARTING));
    });
    const { idleTimeout, maxConnections } = { ...REQUEST_LIMITS, ...limits };
    this.server.timeout = idleTimeout;
    this.server.maxConnections = maxConnections;
    this.server.on('clientError', answerClientError);
    this.server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Binds. @throws the system's error, such as EADDRINUSE. */
  async listen(port: number, host: string): Promise<AddressInfo> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new TypeError('A TCP port was expected');
    return address;
  }

  /** `handle` answers its own faults: what it returns is not waited for. */
  serve(handle: (...exchange: Parameters<RequestListener>) => unknown): void {
    this.#handle = handle;
  }

  /** Takes no more connections; those that there are, also the local proxy's, live on until `close`. */
  stopAccepting(): void {
    this.#emptied ??= new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeIdleConnections();
    });
  }

  /** Lets the answers under way finish for a moment, then cuts. Harmless when called twice. */
  async close(): Promise<void> {
    this.stopAccepting();
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, CLOSE_GRACE);
    // A connection whose answer has just ended becomes idle, and nobody says so.
    const idle = setInterval(() => this.server.closeIdleConnections(), IDLE_CHECK);
    await this.#emptied;
    clearInterval(idle);
    clearTimeout(cut);
  }
}

const PROBLEM_HEADERS = { 'Content-Type': PROBLEM_MEDIA_TYPE, 'Cache-Control': 'no-store' } as const;
const STARTING = toDocument(new Problem('starting', { detail: 'The server is starting; try again in a second.' }));

/** What Node's parser refuses before there is a request. */
const PARSER_FAULTS: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'header_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  const code = PARSER_FAULTS[error.code ?? ''] ?? 'invalid_request';
  const started = 'bytesWritten' in socket && Number(socket.bytesWritten) > 0;
  if (error.code === 'ECONNRESET' || !socket.writable || started) {
    socket.destroy();
    return;
  }
  const document = toDocument(new Problem(code, { detail: 'This is not a complete HTTP request.' }));
  const body = JSON.stringify(document);
  const headers = Object.entries({
    ...PROBLEM_HEADERS,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  const head = headers.map(([name, value]) => `${name}: ${value}`).join('\r\n');
  socket.end(`HTTP/1.1 ${document.status} ${STATUS_CODES[document.status]}\r\n${head}\r\n\r\n${body}`);
}
