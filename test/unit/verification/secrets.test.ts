import { describe, expect, it } from 'vitest';
import { drawCode } from '../../../server/verification/code.ts';
import { KeyedHash } from '../../../server/verification/keyed-hash.ts';
import { randomId } from '../../../server/verification/random-id.ts';

const hash = new KeyedHash(new Uint8Array(32).fill(1));

describe('KeyedHash', () => {
  it('makes equal hashes of equal codes of a relying party', () => {
    expect(hash.code({ relyingParty: 'shop' }, '482913')).toBe(hash.code({ relyingParty: 'shop' }, '482913'));
  });

  it('makes other hashes for another relying party, code or secret', () => {
    const others = [
      hash.code({ relyingParty: 'bank' }, '482913'),
      hash.code({ relyingParty: 'shop' }, '482914'),
      new KeyedHash(new Uint8Array(32).fill(2)).code({ relyingParty: 'shop' }, '482913'),
    ];
    expect(others).not.toContain(hash.code({ relyingParty: 'shop' }, '482913'));
  });

  it('cannot be led to take one purpose, or one split of the parts, for another', () => {
    expect(hash.code({ relyingParty: 'shop' }, 'k')).not.toBe(hash.idempotencyKey('shop', 'k'));
    expect(hash.code({ relyingParty: 'shop1' }, '23456')).not.toBe(hash.code({ relyingParty: 'shop' }, '123456'));
  });

  it('compares texts of any length', () => {
    expect(hash.same('a', 'a')).toBe(true);
    expect(hash.same('a', 'ab')).toBe(false);
    expect(hash.same('', 'a')).toBe(false);
  });

  it('refuses a secret that is too short', () => {
    expect(() => new KeyedHash(new Uint8Array(31))).toThrow('Expected a secret of at least 32 bytes, got 31');
  });
});

describe('drawCode', () => {
  it('draws every digit in every place, zeros in front too', () => {
    const seen = new Set<string>();
    // A place misses one digit with probability 10 × 0.9^2000, which is below 10^-90.
    for (let n = 0; n < 2_000; n += 1) {
      for (const [place, digit] of drawCode(6).split('').entries()) seen.add(`${place}:${digit}`);
    }
    expect(seen.size).toBe(60);
  });

  it('draws as many digits as asked', () => {
    expect(drawCode(4)).toMatch(/^\d{4}$/);
    expect(drawCode(10)).toMatch(/^\d{10}$/);
  });
});

describe('randomId', () => {
  it('is 22 characters that fit a URL, other ones each time', () => {
    expect(randomId('ver')).toMatch(/^ver_[\w-]{22}$/);
    expect(randomId('call')).not.toBe(randomId('call'));
  });
});
