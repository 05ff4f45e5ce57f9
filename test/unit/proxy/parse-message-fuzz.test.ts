import { array, assert, constantFrom, nat, oneof, property, record, string, tuple, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Flow } from '../../../sip-gateway/proxy/flow.ts';
import { parseMessage } from '../../../sip-gateway/proxy/parse-message.ts';
import { serialise } from '../../../sip-gateway/proxy/sip-message.ts';
import { SipProxy } from '../../../sip-gateway/proxy/sip-proxy.ts';
import { INVITE_LINES, text } from './support/sip-text.ts';

const VALID = [
  text(INVITE_LINES, 'v=0\r\n'),
  text(['SIP/2.0 200 OK', ...INVITE_LINES.slice(1)]),
  text([
    ...INVITE_LINES.map((line) => line.replaceAll('INVITE', 'REGISTER')),
    'Expires: 60',
    'Authorization: Digest a="b"',
  ]),
  text([...INVITE_LINES.map((line) => line.replaceAll('INVITE', 'CANCEL')), 'Route: <sip:x.y@ringproof.local;lr>']),
];

const PIECES = [
  '\r\n',
  '\n',
  '\0',
  ';',
  ',',
  '<',
  '>',
  '"',
  '\\',
  ':',
  '@',
  '%',
  '%zz',
  ' ',
  '\t',
  'SIP/2.0',
  '=',
  '*',
  '占',
  '-1',
];

/** A valid message with bytes or pieces put in, taken out or doubled. */
const mutated = tuple(
  constantFrom(...VALID),
  array(
    record({
      at: nat({ max: 999 }),
      cut: oneof(constantFrom(0, 0, 1), nat({ max: 40 })),
      put: oneof(
        uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
        constantFrom(...PIECES).map((piece) => Buffer.from(piece)),
      ),
    }),
    { maxLength: 4 },
  ),
).map(([message, changes]) =>
  changes.reduce<Buffer>((bytes, { at, cut, put }) => {
    const from = Math.floor((at / 1000) * bytes.length);
    return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)]);
  }, message),
);

const anything = oneof(
  mutated,
  uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  string({ unit: 'binary', maxLength: 300 }).map((characters) => Buffer.from(characters)),
);

/** No seed is fixed: fast-check prints it with a counterexample. */
describe('Whatever comes in', () => {
  it('is read, refused or thrown away, and nothing is thrown', () => {
    assert(
      property(anything, (bytes) => {
        expect(['message', 'bad-request', 'garbage', 'keep-alive']).toContain(parseMessage(bytes).type);
      }),
      { numRuns: 3000 },
    );
  });

  it('is, once read, written in a form that reads the same', () => {
    assert(
      property(mutated, (bytes) => {
        const first = parseMessage(bytes);
        if (first.type !== 'message') return;
        const written = serialise(first.message);
        const second = parseMessage(written);
        expect(second.type === 'message' && serialise(second.message).equals(written)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not bring the proxy down, and the connection is answered, closed or left in peace', () => {
    const proxy = new SipProxy({ domain: 'ringproof.local', clock: () => 1, password: 'secret' });
    const flow: Flow = {
      id: 'f',
      address: '127.0.0.1',
      port: 1,
      isOpen: true,
      send: () => {},
      close: () => {},
      drop: () => {},
    };
    proxy.onConnected(flow);
    assert(
      property(anything, (bytes) => {
        proxy.onMessage(flow, bytes);
      }),
      { numRuns: 3000 },
    );
    proxy.close();
    expect(proxy.transactionCount).toBe(0);
  });

  it('is read in a time that grows with its length only', () => {
    const long = [
      ';a=1'.repeat(16_000),
      '<'.repeat(64_000),
      '"\\'.repeat(32_000),
      ' '.repeat(64_000),
      ':;'.repeat(32_000),
    ];
    const before = process.cpuUsage();
    for (const value of long) {
      for (const name of ['Via', 'To', 'Contact', 'Subject', 'CSeq']) {
        parseMessage(text([...INVITE_LINES.filter((line) => !line.startsWith(name)), `${name}: ${value}x`]));
      }
      parseMessage(text([`INVITE sip:${value} SIP/2.0`, ...INVITE_LINES.slice(1)]));
    }
    // Processor time, because the machine may be busy with something else. A search that is quadratic takes minutes.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2000);
  });
});
