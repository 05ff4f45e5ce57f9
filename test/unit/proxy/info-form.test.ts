import { describe, expect, it } from 'vitest';
import { infoBodyOf, KEY_INFO_FORMS, KEYLESS_INFO_FORMS, type InfoForm } from '../../../sip-gateway/proxy/info-form.ts';
import { withInfoForm } from '../../../sip-gateway/proxy/misbehaving-body.ts';
import { headerOf } from '../../../sip-gateway/proxy/sip-message.ts';
import { readRequest, text } from './support/sip-text.ts';

const bodyOf = (form: InfoForm, key: string) => Buffer.from(infoBodyOf(form, key).body).toString('latin1');

describe('A key in an INFO', () => {
  it.each(['*', '#'])('%s has a number of its own', (key) => {
    expect(bodyOf('relay-number', key)).toBe(`Signal=${key === '*' ? 10 : 11}\r\nDuration=160\r\n`);
  });

  it('can be in lower case', () => {
    expect(bodyOf('relay-lower-key', 'A')).toContain('Signal=a');
  });

  it('can be four bytes, with the end flag set', () => {
    expect([...infoBodyOf('telephone-event', '#').body]).toEqual([11, 0x8a, 5, 0]);
  });

  it('comes in forms of which no two are alike', () => {
    const all = [...KEY_INFO_FORMS, ...KEYLESS_INFO_FORMS];
    const written = new Set(all.map((form) => `${infoBodyOf(form, 'A').contentType} ${bodyOf(form, 'A')}`));
    expect(written.size).toBe(all.length);
  });

  it.each(KEYLESS_INFO_FORMS)('is not in the form %s', (form) => {
    expect(bodyOf(form, '5')).not.toContain('5');
  });

  it('is put into another form inside a request', () => {
    const lines = [
      'INFO sip:a@x SIP/2.0',
      'Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1',
      'From: <sip:b@x>;tag=1',
      'To: <sip:a@x>;tag=2',
      'Call-ID: c',
      'CSeq: 1 INFO',
      'Content-Type: application/dtmf-relay',
    ];
    const request = withInfoForm(readRequest(text(lines, 'Signal=7\r\nDuration=100\r\n')), 'dtmf-d');
    expect([headerOf(request, 'content-type'), Buffer.from(request.body).toString()]).toEqual([
      'application/dtmf',
      'd=7',
    ]);
  });
});
