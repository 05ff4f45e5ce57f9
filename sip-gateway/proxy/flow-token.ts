import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Where a request inside a dialog has to go: to this connection, or to wherever this user is now. */
export interface FlowTarget {
  /** Of the call: who began it, or who was called. */
  readonly side: 'caller' | 'callee';
  readonly flowId: string;
  readonly user: string;
}

const MAC_BYTES = 12;

/**
 * The user part of our Record-Route URIs (RFC 5626 §5.2): the proxy keeps no state for a dialog, the user
 * agents carry it. Signed, so that nobody reaches a connection that no call has led to.
 */
export class FlowTokens {
  readonly #key = randomBytes(32);

  write({ side, flowId, user }: FlowTarget): string {
    const text = Buffer.from(`${side} ${flowId} ${user}`).toString('base64url');
    return `${text}.${this.#mac(text).toString('base64url')}`;
  }

  /** Undefined for what this proxy did not write in its present life. */
  read(token: string): FlowTarget | undefined {
    const [text = '', mac = ''] = token.split('.', 2);
    const given = Buffer.from(mac, 'base64url');
    const right = this.#mac(text);
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const [, side, flowId, user] = /^(\S+) (\S+) (.*)$/s.exec(Buffer.from(text, 'base64url').toString()) ?? [];
    if ((side !== 'caller' && side !== 'callee') || flowId === undefined || user === undefined) return undefined;
    return { side, flowId, user };
  }

  #mac(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest().subarray(0, MAC_BYTES);
  }
}
