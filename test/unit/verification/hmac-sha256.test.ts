import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmacSha256 } from '../../../server/verification/hmac-sha256.ts';

const hex = (text: string): string => Buffer.from(text, 'base64url').toString('hex');

describe('hmacSha256', () => {
  // RFC 4231 §4.2, §4.3, §4.7 (a key that is longer than a block).
  it.each([
    [Buffer.alloc(20, 0x0b), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    [
      Buffer.from('Jefe'),
      'what do ya want for nothing?',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      Buffer.alloc(131, 0xaa),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ])('makes of the key and the text of RFC 4231 what stands there', (key, text, mac) => {
    expect(hex(hmacSha256(key)(text))).toBe(mac);
  });

  it('makes of any key and texts, one after the other, what OpenSSL makes of them', () => {
    const key = fc.uint8Array({ minLength: 1, maxLength: 200 });
    const text = fc.string({ unit: 'binary', maxLength: 2_000, size: 'max' });
    fc.assert(
      fc.property(key, fc.array(text, { minLength: 1, maxLength: 5 }), (secret, texts) => {
        const mac = hmacSha256(secret);
        expect(texts.map(mac)).toEqual(
          texts.map((each) => createHmac('sha256', secret).update(each).digest('base64url')),
        );
      }),
    );
  });
});
