import { describe, expect, it } from 'vitest';
import { readPhoneOptions } from '../../../server/commands/phone-options.ts';

const read = (line: string, env: Readonly<Record<string, string>> = {}) => readPhoneOptions(line.split(' '), env);

describe('the arguments of ringproof phone', () => {
  it('need nothing but a number', () => {
    expect(read('+12025550123')).toEqual({
      phoneNumber: '+12025550123',
      url: 'ws://127.0.0.1:3000/sip',
      domain: 'ringproof.local',
      manner: { onRing: 'answer', answerAfter: 500, passGate: true, keyWay: 'info' },
      codes: [],
      keyFromPage: false,
      once: false,
      json: false,
    });
  });

  it('take a number in any common notation', () => {
    expect(readPhoneOptions(['+1 (202) 555-0123'], {}).phoneNumber).toBe('+12025550123');
  });

  it('take the port and the password of the server’s own settings', () => {
    expect(read('1001', { PORT: '3100', RINGPROOF_PROXY_PASSWORD: 'open sesame' })).toMatchObject({
      url: 'ws://127.0.0.1:3100/sip',
      password: 'open sesame',
    });
  });

  it.each([
    ['--keys 111111,492067', { codes: ['111111', '492067'] }],
    ['--key-from-page', { keyFromPage: true }],
    ['--dial +12025550199', { dial: '+12025550199' }],
    ['--dial 1002', { dial: '1002' }],
    ['--once --json', { once: true, json: true }],
    ['--locale en,zh', { locales: ['en', 'zh'] }],
    [
      '--url wss://pbx.example:8089/ws --domain pbx.example',
      { url: 'wss://pbx.example:8089/ws', domain: 'pbx.example' },
    ],
  ])('understand %s', (line, options) => {
    expect(read(`1001 ${line}`)).toMatchObject(options);
  });

  it.each([
    ['--busy', { onRing: 'busy' }],
    ['--reject', { onRing: 'reject' }],
    ['--no-answer', { onRing: 'ignore' }],
    ['--no-gate', { passGate: false }],
    ['--not-me', { saysNotMe: true }],
    ['--extension 204#', { extension: '204#' }],
    ['--dtmf rfc4733', { keyWay: 'rfc4733', testWays: ['rfc4733'] }],
    ['--dtmf in-band', { keyWay: 'in-band', testWays: ['in-band'] }],
    ['--answer-after 0 --hang-up-after 1500', { answerAfter: 0, hangUpAfter: 1500 }],
  ])('understand the manner %s', (line, manner) => {
    expect(read(`1001 ${line}`).manner).toMatchObject(manner);
  });

  it.each([
    ['', /one number/],
    ['1001 1002', /one number/],
    ['12;34', /NUMBER: expected one number, such as .*; got "12;34"/],
    ['1001 --dtmf inband', /--dtmf: expected info, rfc4733 or in-band; got "inband"/],
    ['1001 --answer-after soon', /--answer-after: expected milliseconds; got "soon"/],
    ['1001 --extension ,204', /--extension: expected keys such as 204; got ",204"/],
    ['1001 --keys 12345x', /--keys: expected keys such as .*; got something else \(not shown\)/],
    ['1001 --url http://127.0.0.1', /--url: expected a WebSocket address/],
    ['1001 --dial me;too', /--dial: expected one number, such as .*; got "me;too"/],
    ['1001 --busy --reject', /--busy, --reject, --no-answer: expected one of them; got 2/],
    ['1001 --loud', /--loud/],
  ])('say what is wrong with "%s"', (line, message) => {
    expect(() => readPhoneOptions(line === '' ? [] : line.split(' '), {})).toThrow(message);
  });
});
