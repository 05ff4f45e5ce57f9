import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInfoBody } from '../../../sip-gateway/dtmf/info-body.ts';

const RELAY = 'application/dtmf-relay';
const DTMF = 'application/dtmf';
const NORTEL = 'application/vnd.nortelnetworks.digits';
const EVENT = 'audio/telephone-event';

describe('the key in the body of a SIP INFO', () => {
  it.each([
    ['as Asterisk and FreeSWITCH send it', RELAY, 'Signal=5\r\nDuration=160', { key: '5', durationMs: 160 }],
    ['with a line end at its end', RELAY, 'Signal=5\r\nDuration=160\r\n', { key: '5', durationMs: 160 }],
    ['with a space after the equals sign', RELAY, 'Signal= 5\r\nDuration= 160', { key: '5', durationMs: 160 }],
    ['with spaces around it', RELAY, 'Signal = 5 \r\nDuration = 160 \r\n', { key: '5', durationMs: 160 }],
    ['with a colon', RELAY, 'Signal: 5\r\nDuration: 160', { key: '5', durationMs: 160 }],
    ['with bare line feeds', RELAY, 'Signal=5\nDuration=160\n', { key: '5', durationMs: 160 }],
    ['without a duration', RELAY, 'Signal=5', { key: '5' }],
    ['with a duration of nothing', RELAY, 'Signal=5\r\nDuration=0', { key: '5' }],
    ['with a duration that is no number', RELAY, 'Signal=5\r\nDuration=abc', { key: '5' }],
    ['with a parameter on the content type', 'Application/DTMF-Relay; charset=utf-8', 'Signal=5', { key: '5' }],
    ['as a star', RELAY, 'Signal=*\r\nDuration=250', { key: '*', durationMs: 250 }],
    ['as a hash', RELAY, 'Signal=#\r\nDuration=250', { key: '#', durationMs: 250 }],
    ['as a letter', RELAY, 'Signal=D', { key: 'D' }],
    ['as a small letter', RELAY, 'Signal=a', { key: 'A' }],
    ['in small letters', RELAY, 'signal=5\r\nduration=160', { key: '5', durationMs: 160 }],
    ['in capitals', RELAY, 'SIGNAL=5\r\nDURATION=160', { key: '5', durationMs: 160 }],
    ['after the duration', RELAY, 'Duration=160\r\nSignal=5', { key: '5', durationMs: 160 }],
    ['after a blank line', RELAY, '\r\nSignal=5\r\n\r\nDuration=160', { key: '5', durationMs: 160 }],
    ['as the number of the star', RELAY, 'Signal=10\r\nDuration=160', { key: '*', durationMs: 160 }],
    ['as the number of the hash', RELAY, 'Signal=11\r\nDuration=160', { key: '#', durationMs: 160 }],
    ['as the number of a letter', RELAY, 'Signal=15', { key: 'D' }],
    ['with a space after it', RELAY, 'Signal=5 \r\n', { key: '5' }],
    ['twice: the first counts', RELAY, 'Signal=5\r\nSignal=6', { key: '5' }],
    ['bare', DTMF, '5', { key: '5' }],
    ['bare with a line end', DTMF, '#\r\n', { key: '#' }],
    ['bare as a number', DTMF, '11', { key: '#' }],
    ['named d', DTMF, 'd=5', { key: '5' }],
    ['relayed under the other type', DTMF, 'Signal=5\r\nDuration=100', { key: '5', durationMs: 100 }],
    ['bare under the relay type', RELAY, '5\r\n', { key: '5' }],
    [
      'from a Nortel switch',
      NORTEL,
      'p=Digit-Collection\r\ny=Digits\r\ns=success\r\nu=17\r\ni=87\r\nd=5\r\n',
      { key: '5' },
    ],
    ['as text of a telephone event', EVENT, 'Signal=5\r\nDuration=100', { key: '5', durationMs: 100 }],
    ['as the bytes of an ended event', EVENT, '\x05\x8a\x05\x00', { key: '5', durationMs: 160 }],
  ])('is read %s', (...[, contentType, body, expected]) => {
    expect(readInfoBody(contentType, body)).toEqual(expected);
  });

  it.each([
    ['a hook flash', RELAY, 'Signal=16'],
    ['a named flash', RELAY, 'Signal=flash'],
    ['the letter of a flash', RELAY, 'Signal=R'],
    ['an event beyond the keys', RELAY, 'Signal=36'],
    ['no signal', RELAY, 'Signal='],
    ['nothing', RELAY, ''],
    ['a duration alone', RELAY, 'Duration=160'],
    ['several digits', DTMF, '23'],
    ['an unknown type', 'application/media_control+xml', 'Signal=5'],
    ['no type', '', 'Signal=5'],
    ['the start of an event, which its end follows', EVENT, '\x05\x0a\x00\xa0'],
    ['the bytes of a flash', EVENT, '\x10\x8a\x05\x00'],
    ['too few bytes', EVENT, '\x05\x8a'],
  ])('is not read from %s', (_, contentType, body) => {
    expect(readInfoBody(contentType, body)).toBeUndefined();
  });

  it('is a key or nothing, whatever arrives', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(RELAY, DTMF, NORTEL, EVENT),
        fc.string({ unit: 'binary', maxLength: 80 }),
        (type, body) => {
          const key = readInfoBody(type, body)?.key ?? '0';
          expect(key).toMatch(/^[0-9*#A-D]$/);
        },
      ),
    );
  });
});
