import { describe, expect, it } from 'vitest';
import { isSameContact, readSipUri, userKeyOf } from '../../../sip-gateway/proxy/sip-uri.ts';

const keyOf = (text: string) => {
  const uri = readSipUri(text);
  return uri && userKeyOf(uri);
};

describe('A SIP URI', () => {
  it.each([
    'sip:+12025550123@ringproof.local',
    'sip:%2b12025550123@ringproof.local;user=phone',
    'sips:+1-202-555-0123@RINGPROOF.local:443;transport=ws',
    'sip:+1(202)555.0123;phone-context=+1@ringproof.local',
    'sip:+12025550123:secret@ringproof.local?Subject=x',
    'tel:+1-202-555-0123',
    'tel:+12025550123;ext=5',
  ])('%s is the number +12025550123', (text) => {
    expect(keyOf(text)).toBe('+12025550123');
  });

  it.each([
    ['sip:ringproof@x', 'ringproof'],
    ['sip:101@x', '101'],
    ['sip:12025550123@x', '12025550123'],
    ['sip:j.user@x', 'j.user'],
    ['sip:%6a@x', 'j'],
    ['sip:x', ''],
  ])('%s belongs to %j', (text, user) => {
    expect(keyOf(text)).toBe(user);
  });

  it.each(['', 'sip:', 'http://x', 'sip:a@', 'sip:%zz@x', 'sip:a@x:99999', 'sip:a@b@c', 'sip:a b@x', 'tel:'])(
    '%j is none',
    (text) => {
      expect(readSipUri(text)).toBeUndefined();
    },
  );

  it('keeps its port and parameters', () => {
    expect(readSipUri('sip:a@[::1]:5060;transport=ws;ob')).toMatchObject({
      host: '[::1]',
      port: 5060,
      params: new Map([
        ['transport', 'ws'],
        ['ob', undefined],
      ]),
    });
  });

  it('is the same contact whatever its parameters', () => {
    expect(isSameContact('sip:a@X.invalid;transport=ws;ob', 'sip:a@x.invalid')).toBe(true);
  });

  it('is another contact on another host', () => {
    expect(isSameContact('sip:a@x.invalid', 'sip:a@y.invalid')).toBe(false);
  });
});
