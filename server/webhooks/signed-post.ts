import { createHmac } from 'node:crypto';
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** Why a message did not arrive; stable words for logs and for the list of dead letters. */
export type PostFault = 'internal-address' | 'unresolvable' | 'unreachable' | 'timeout' | 'answer-too-large';

export class PostError extends Error {
  override readonly name = 'PostError';
  readonly fault: PostFault;

  constructor(fault: PostFault, cause?: unknown) {
    super(`A webhook could not be sent (${fault})`, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}

/** `whsec_` and base64; several while one is changed for another: a receiver is content when it knows any of them. */
export type Secret = string | readonly string[];

export interface SignedMessage {
  readonly url: string;
  readonly secret: Secret;
  readonly id: string;
  readonly body: string;
  /** Of this attempt; milliseconds since the epoch. */
  readonly at: number;
}

type Resolve = (host: string, callback: (error: Error | null, addresses: readonly LookupAddress[]) => void) => void;

export interface SendOptions {
  /** For the whole exchange; milliseconds. */
  readonly timeout: number;
  /** Loopback and private networks too: tests, and receivers in the operator's own network. */
  readonly allowInternal: boolean;
  readonly signal?: AbortSignal;
  /** Tests own the name service. */
  readonly resolve?: Resolve;
}

const MAX_ANSWER_BYTES = 16 * 1024;

/**
 * Posts by the Standard Webhooks scheme. A redirect is an answer like any other: it is never followed.
 * @throws PostError
 */
export async function postSigned(
  { url, secret, id, body, at }: SignedMessage,
  { timeout, allowInternal, signal, resolve = resolveBySystem }: SendOptions,
): Promise<{ readonly status: number; readonly body: string }> {
  const target = new URL(url);
  const literal = target.hostname.replace(/^\[|\]$/g, '');
  // A literal address is connected to without being looked up.
  if (isIP(literal) !== 0 && !allowInternal && !isPublicAddress(literal)) throw new PostError('internal-address');
  const send = target.protocol === 'https:' ? requestHttps : requestHttp;
  const limit = AbortSignal.timeout(timeout);
  return new Promise((answer, reject) => {
    const fail = (error: unknown): void => reject(limit.aborted ? new PostError('timeout', error) : faultOf(error));
    const request = send(target, {
      method: 'POST',
      agent: false,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      lookup: guardedLookup(resolve, allowInternal),
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'User-Agent': 'Ringproof',
        ...signatureHeaders({ secret, id, body, at }),
      },
    });
    request.on('error', fail);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > MAX_ANSWER_BYTES) request.destroy(new PostError('answer-too-large'));
      });
      response.on('error', fail);
      response.once('end', () => answer({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    request.end(body);
  });
}

/** https://www.standardwebhooks.com: HMAC-SHA-256 over id, time and body, each attempt at its own time, by each secret. */
function signatureHeaders({ secret, id, body, at }: Omit<SignedMessage, 'url'>): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  const signatures = [secret].flat().map((each) => {
    const key = Buffer.from(each.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/**
 * The connection goes to the very addresses that were looked at: a name that answers otherwise a moment later (DNS
 * rebinding) gains nothing. One internal address among them is enough to refuse.
 */
function guardedLookup(resolve: Resolve, allowInternal: boolean): LookupFunction {
  return (host, { all }, callback) => {
    resolve(host, (error, addresses) => {
      const [first] = addresses;
      if (error || !first) {
        callback(new PostError('unresolvable', error), []);
      } else if (!allowInternal && !addresses.every(({ address }) => isPublicAddress(address))) {
        callback(new PostError('internal-address'), []);
      } else if (all === true) {
        callback(null, [...addresses]);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

function resolveBySystem(host: string, callback: Parameters<Resolve>[1]): void {
  systemLookup(host, { all: true }, (error, addresses) => callback(error, error ? [] : addresses));
}

function faultOf(error: unknown): PostError {
  return error instanceof PostError ? error : new PostError('unreachable', error);
}
