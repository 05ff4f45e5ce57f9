import { describe, expect, it } from 'vitest';
import { readVerifyOptions } from '../../../server/commands/verify-options.ts';

const read = (line: string) => readVerifyOptions(line.split(' '), {});

describe('the arguments of ringproof verify', () => {
  it('need nothing but a number', () => {
    expect(read('+12025550123')).toEqual({
      url: 'http://127.0.0.1:3000',
      json: false,
      asked: { to: '+12025550123', method: 'keypad' },
    });
  });

  it('take the port of the server’s own settings', () => {
    expect(readVerifyOptions(['1001'], { PORT: '3100' }).url).toBe('http://127.0.0.1:3100');
  });

  it.each(['x', '0', '65536'])('name a PORT at which no server can be: %s', (PORT) => {
    expect(() => readVerifyOptions(['1001'], { PORT })).toThrow('PORT: expected the server’s port');
  });

  it.each([
    ['--method dial-in', { method: 'dial-in' }],
    ['--extension ,,1w204#', { extension: ',,1w204#' }],
    ['--locale zh', { locale: 'zh' }],
    ['--say-word', { sayWord: true }],
    ['--user ana --nonce 12345678', { user: 'ana', nonce: '12345678' }],
    ['--metadata order=A-17 --metadata note=a=b', { metadata: { order: 'A-17', note: 'a=b' } }],
  ])('ask the API for what %s means', (line, asked) => {
    expect(read(`+12025550123 ${line}`).asked).toMatchObject(asked);
  });

  it('ask for a payment to be said', () => {
    const { asked } = readVerifyOptions(['1001', '--amount', '49.90 EUR', '--payee', 'Corner Shop'], {});
    expect(asked.transaction).toEqual({ amount: '49.90 EUR', payee: 'Corner Shop' });
  });

  it.each([
    ['', 'NUMBER: expected one number'],
    ['1001 1002', 'NUMBER: expected one number'],
    ['1001 --method pigeon', '--method: expected keypad, spoken or dial-in; got "pigeon"'],
    ['1001 --extension desk', '--extension: expected keys 0-9'],
    ['1001 --extension 204 --method dial-in', '--extension: expected nothing with dial-in'],
    ['1001 --payee Ana', '--amount: expected a value with --payee'],
    ['1001 --amount 5', '--payee: expected a value with --amount'],
    ['1001 --metadata order', '--metadata: expected a key and a value'],
    ['1001 --url nowhere', '--url: expected the address of a server'],
    ['1001 --url ftp://127.0.0.1', '--url: expected the address of a server'],
    [
      '1001 --url http://ana:pa55@127.0.0.1',
      'without user and password, such as http://127.0.0.1:3000; got one with them',
    ],
  ])('are refused with the way to write them: %s', (line, words) => {
    expect(() => readVerifyOptions(line.split(' ').filter(Boolean), {})).toThrow(words);
  });
});
