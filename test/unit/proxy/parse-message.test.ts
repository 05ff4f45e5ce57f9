import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../../sip-gateway/proxy/parse-message.ts';
import { headerOf, headersOf, serialise } from '../../../sip-gateway/proxy/sip-message.ts';
import { INVITE_LINES, inviteWith, readRequest, readResponse, text } from './support/sip-text.ts';

const faultOf = (bytes: Buffer) => {
  const result = parseMessage(bytes);
  return result.type === 'bad-request' ? `${result.status} ${result.reason}` : result.type;
};

describe('Reading a SIP message', () => {
  it('keeps method, URI, header fields and body', () => {
    const request = readRequest(text(INVITE_LINES, 'v=0\r\n'));
    expect([request.method, request.uri, headerOf(request, 'call-id'), Buffer.from(request.body).toString()]).toEqual([
      'INVITE',
      'sip:bob@ringproof.local',
      'call-1',
      'v=0\r\n',
    ]);
  });

  it('reads a response with a reason in UTF-8', () => {
    const response = readResponse(text(['SIP/2.0 486 占线', ...INVITE_LINES.slice(1)]));
    expect([response.status, response.reason]).toEqual([486, '占线']);
  });

  it('reads a response without a reason', () => {
    expect(readResponse(text(['SIP/2.0 200 ', ...INVITE_LINES.slice(1)])).reason).toBe('');
  });

  it('reads compact forms', () => {
    const request = readRequest(
      text([
        'OPTIONS sip:bob@ringproof.local SIP/2.0',
        'v: SIP/2.0/WS a.invalid;branch=z9hG4bK1',
        'f: <sip:a@ringproof.local>;tag=1',
        't: <sip:bob@ringproof.local>',
        'i: compact',
        'CSeq: 1 OPTIONS',
        'l: 0',
      ]),
    );
    expect(headerOf(request, 'call-id')).toBe('compact');
  });

  it('joins folded lines', () => {
    expect(headerOf(readRequest(inviteWith({ Subject: 'one\r\n  two\r\n\tthree' })), 'subject')).toBe('one two three');
  });

  it('tolerates blank lines before the start line', () => {
    expect(readRequest(Buffer.concat([Buffer.from('\r\n\r\n'), text(INVITE_LINES)])).method).toBe('INVITE');
  });

  it('tolerates bare line feeds', () => {
    expect(readRequest(Buffer.from(`${INVITE_LINES.join('\n')}\n\n`)).method).toBe('INVITE');
  });

  it('tolerates blanks around the colon', () => {
    const lines = INVITE_LINES.map((line) => line.replace('Call-ID: ', 'Call-ID   :  '));
    expect(headerOf(readRequest(text(lines)), 'call-id')).toBe('call-1');
  });

  it('takes a list of Via apart', () => {
    const request = readRequest(
      inviteWith({ Via: 'SIP/2.0/WS a;branch=z9hG4bK1, SIP / 2.0 / TCP b:5060 ;branch=z9hG4bK2' }),
    );
    expect(headersOf(request, 'via')).toEqual([
      'SIP/2.0/WS a;branch=z9hG4bK1',
      'SIP / 2.0 / TCP b:5060 ;branch=z9hG4bK2',
    ]);
  });

  it('takes a list of contacts apart outside quotes and brackets only', () => {
    const request = readRequest(inviteWith({ Contact: '"a, b" <sip:c@d;x=1,2>, <sip:e@f>' }));
    expect(headersOf(request, 'contact')).toEqual(['"a, b" <sip:c@d;x=1,2>', '<sip:e@f>']);
  });

  it('leaves header fields that it does not know as they are', () => {
    expect(headerOf(readRequest(inviteWith({ 'X-Odd': 'a, "b;c' })), 'x-odd')).toBe('a, "b;c');
  });

  it('takes the rest of the message as body without Content-Length', () => {
    expect(readRequest(text(INVITE_LINES, 'abc')).body.length).toBe(3);
  });

  it('throws away bytes beyond Content-Length', () => {
    expect(Buffer.from(readRequest(inviteWith({ 'Content-Length': '3' }, 'abcdef')).body).toString()).toBe('abc');
  });

  it('counts Content-Length in bytes', () => {
    expect(Buffer.from(readRequest(inviteWith({ 'Content-Length': '6' }, '占线')).body).toString()).toBe('占线');
  });

  it.each([
    ['\r\n\r\n', true],
    ['\r\n', false],
    ['', false],
  ])('knows %j as a keep-alive', (bytes, ping) => {
    expect(parseMessage(Buffer.from(bytes))).toEqual({ type: 'keep-alive', ping });
  });

  it.each([
    ['a Content-Length beyond the end', { 'Content-Length': '9' }],
    ['a negative Content-Length', { 'Content-Length': '-1' }],
    ['a Content-Length that is no number', { 'Content-Length': '0x1' }],
    ['Max-Forwards beyond 255', { 'Max-Forwards': '256' }],
    ['Max-Forwards that is no number', { 'Max-Forwards': 'many' }],
    ['a CSeq beyond 2^31', { CSeq: '36893488147419103232 INVITE' }],
    ['a CSeq of another method', { CSeq: '1 BYE' }],
    ['a CSeq without a number', { CSeq: 'INVITE' }],
    ['an Expires beyond 2^32', { Expires: '1000000000000' }],
    ['a quote that is not closed', { To: '"Mr. J. User <sip:j.user@example.com>' }],
    ['a To that is no address', { To: 'bob' }],
    ['a From with a bracket that is not closed', { From: '<sip:alice@ringproof.local' }],
    ['a Contact that is no address', { Contact: 'nobody' }],
    ['a Call-ID with a blank', { 'Call-ID': 'a b' }],
    ['a bare carriage return in a value', { Subject: 'a\rb' }],
    ['a control character in a value', { Subject: 'a\u0000b' }],
    ['a line without a name', { '': 'x' }],
  ])('refuses %s with 400', (_what, changes) => {
    expect(faultOf(inviteWith(changes))).toMatch(/^400 /);
  });

  it.each(['Call-ID', 'CSeq'])('refuses a second %s with 400', (name) => {
    const again = INVITE_LINES.find((line) => line.startsWith(`${name}:`)) ?? '';
    expect(faultOf(text([...INVITE_LINES, again]))).toBe(`400 ${name} Missing Or Repeated`);
  });

  it.each([
    'INVITE  sip:bob@ringproof.local SIP/2.0',
    'INVITE sip:bob@ringproof.local SIP/2.0 ',
    'INVITE <sip:bob@ringproof.local> SIP/2.0',
    'INVITE sip:bob@ringproof.local',
  ])('refuses the start line %j with 400', (line) => {
    expect(faultOf(text([line, ...INVITE_LINES.slice(1)]))).toMatch(/^400 /);
  });

  it('refuses another version with 505', () => {
    expect(faultOf(text(['INVITE sip:bob@ringproof.local SIP/7.0', ...INVITE_LINES.slice(1)]))).toMatch(/^505 /);
  });

  it.each(['Via', 'From', 'To', 'Call-ID', 'CSeq'])('has no answer for a request without %s', (name) => {
    expect(faultOf(inviteWith({ [name]: undefined }))).toBe('garbage');
  });

  it('has no answer for a malformed ACK', () => {
    const lines = INVITE_LINES.map((line) => line.replace('INVITE', 'ACK'));
    expect(faultOf(text([...lines, 'Max-Forwards: 3']))).toBe('garbage');
  });

  it('has no answer for a malformed response', () => {
    expect(faultOf(text(['SIP/2.0 4294967301 Big', ...INVITE_LINES.slice(1)]))).toBe('garbage');
  });

  it('has no answer for header fields that are not UTF-8', () => {
    expect(faultOf(Buffer.concat([Buffer.from([0xff]), text(INVITE_LINES)]))).toBe('garbage');
  });

  it('refuses more header fields than any message needs', () => {
    const many = Array.from({ length: 300 }, (_, index) => `X-${index}: 1`);
    expect(faultOf(text([...INVITE_LINES, ...many]))).toBe('400 Too Many Headers');
  });

  it('writes what it has read', () => {
    const bytes = inviteWith({ 'Content-Length': '5' }, 'v=0\r\n');
    expect(serialise(readRequest(bytes)).toString()).toBe(bytes.toString());
  });

  it('writes a body that is not text unchanged', () => {
    const bytes = Buffer.concat([inviteWith({ 'Content-Length': '4' }), Buffer.from([0x05, 0x8a, 0x05, 0x00])]);
    expect(serialise(readRequest(bytes))).toEqual(bytes);
  });
});
