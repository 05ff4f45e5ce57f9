import { createRequire } from 'node:module';
import {
  type Arbitrary,
  array,
  constant,
  constantFrom,
  integer,
  oneof,
  sample,
  stringMatching,
  tuple,
} from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readQuickly } from '../../../sip-gateway/sip/quick-grammar.ts';

// Its own copy of the parser: the one that JsSIP uses may be ours already.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this file of JsSIP has no types
const grammar = createRequire(import.meta.url)('jssip/lib/Grammar') as { parse(text: string, rule: string): unknown };

const token = stringMatching(/^[A-Za-z0-9._+*-]{1,12}$/);
const host = oneof(
  stringMatching(/^([a-z0-9]{1,5}\.){0,2}[a-z0-9.-]{1,6}$/),
  stringMatching(/^\d{1,3}(\.\d{1,3}){3}$/),
);
const port = oneof(
  constant(''),
  integer({ min: 0, max: 99_999 }).map((number) => `:${number}`),
);
const parameter = oneof(
  constantFrom(';transport=ws', ';transport=WSS', ';ob', ';lr', ';lr=on', ';user=phone', ';user=ip', ';ttl=5', ';ttl'),
  constantFrom(
    ';maddr=10.0.0.1',
    ';maddr',
    ';method=INVITE',
    ';method=bye',
    ';transport',
    ';user',
    ';Ob',
    ';comp=sigcomp',
  ),
  stringMatching(/^;[a-z]{1,6}(=[a-z0-9.]{1,6})?$/),
);
const parameters = array(parameter, { maxLength: 3 }).map((all) => all.join(''));
const address = tuple(constantFrom('sip', 'sips', 'SIP', 'tel'), token, host, port, parameters).map(
  ([scheme, user, where, at, more]) => `${scheme}:${user}@${where}${at}${more}`,
);
const tag = oneof(
  constant(''),
  token.map((value) => `;tag=${value}`),
  constantFrom(';x=Y', ';tag', ';tag=a;tag=b'),
);
const nameAddress = tuple(constantFrom('', '"Bob" ', '"Bob B 2" ', 'Bob ', '"B\\"" '), address, tag).map(
  ([name, where, more]) => `${name}<${where}>${more}`,
);
const number = oneof(stringMatching(/^\d{1,10}$/), constantFrom('', ' 7', '7 ', '-7', '7a'));
const method = oneof(constantFrom('INVITE', 'ACK', 'BYE', 'info', 'SUBSCRIBE'), stringMatching(/^[A-Z]{1,8}$/));

const TEXTS: Readonly<Record<string, Arbitrary<string>>> = {
  Request_Response: oneof(
    stringMatching(/^SIP\/2\.0 \d{3} [A-Za-z ]{0,12}$/),
    constantFrom('SIP/2.0 200', 'sip/2.0 200 OK', 'SIP/3.0 200 OK', 'SIP/2.0 20 OK', 'SIP/2.0 200 Ça va'),
    tuple(method, address).map(([name, where]) => `${name} ${where} SIP/2.0`),
  ),
  Via: tuple(
    constantFrom('WS', 'WSS', 'UDP', 'ws', 'X'),
    host,
    port,
    token,
    constantFrom('', ';rport', ';received=1.2.3.4'),
  ).map(([transport, where, at, branch, more]) => `SIP/2.0/${transport} ${where}${at};branch=${branch}${more}`),
  From: nameAddress,
  To: oneof(nameAddress, address),
  Contact: oneof(nameAddress, constantFrom('*', '<sip:a@b.c>, <sip:d@e.f>', '<sip:a@b.c>;expires=60')),
  Record_Route: oneof(nameAddress, constantFrom('<sip:a@b.c;lr>, <sip:d@e.f;lr>')),
  Call_ID: oneof(
    token,
    tuple(token, host).map(([name, where]) => `${name}@${where}`),
    constantFrom('', 'a b', 'ä'),
  ),
  CSeq: tuple(number, method).map(([value, name]) => `${value} ${name}`),
  Content_Length: number,
  Max_Forwards: number,
  Content_Type: oneof(
    tuple(token, token).map((both) => both.join('/')),
    constantFrom('a', 'a/b; c=d', 'a/b;c'),
  ),
  SIP_URI: address,
};

describe('what is read quickly', () => {
  it.each(Object.keys(TEXTS))('is what JsSIP would have read: %s', (rule) => {
    const text = TEXTS[rule];
    if (!text) throw new Error(`no texts for ${rule}`);
    const differing = sample(text, 2_000).filter((one) => {
      const quickly = readQuickly(one, rule);
      return quickly !== undefined && !isDeepStrictEqual(quickly, grammar.parse(one, rule));
    });
    expect(differing).toEqual([]);
  });

  it.each([
    ['Request_Response', 'SIP/2.0 183 Session Progress'],
    ['Request_Response', 'INFO sip:hhgabpoh@624rrbrqb9uv.invalid;transport=ws;ob SIP/2.0'],
    ['Via', 'SIP/2.0/WS 624rrbrqb9uv.invalid;branch=z9hG4bK18bfc0fb66532db4a1f3c6cf'],
    ['From', '<sip:agent@127.0.0.1>;tag=vpq655a71d'],
    ['To', '<sip:+12025550050@127.0.0.1;user=phone>;tag=as5f2c'],
    ['Contact', '<sip:asterisk@10.0.0.7:8088;transport=ws>'],
    ['Record_Route', '<sip:p@127.0.0.1:3000;transport=ws;lr>'],
    ['Call_ID', '9sm4ldib8d09bvh1r5mmfu'],
    ['CSeq', '6124 INFO'],
    ['Content_Length', '28'],
    ['Content_Type', 'application/dtmf-relay'],
    ['Max_Forwards', '70'],
    ['SIP_URI', 'sip:+12025550050@127.0.0.1;user=phone'],
  ])('is what gateways send every day: %s, %s', (rule, text) => {
    expect(readQuickly(text, rule)).toStrictEqual(grammar.parse(text, rule));
  });

  it.each([
    ['CSeq', '413 BYEEIPOB'],
    ['Request_Response', 'ACKNOWLEDGE sip:a@b.example SIP/2.0'],
  ])('is no method that only begins with one that JsSIP knows, which it refuses: %s, %s', (rule, text) => {
    expect(readQuickly(text, rule)).toBeUndefined();
    expect(grammar.parse(text, rule)).toBe(-1);
  });

  it('is nothing that has to be looked at twice', () => {
    expect(readQuickly('"A, B" <sip:a%20b@[::1]:5060>;tag=1;expires=60', 'From')).toBeUndefined();
  });
});
