import { describe, expect, it } from 'vitest';
import type { Utterance } from '../../../sip-gateway/prompts/prompt-name.ts';
import { paymentUtterance } from '../../../sip-gateway/scripts/payment.ts';

const said = (utterance: Utterance) =>
  utterance.map((part) => (typeof part === 'string' ? part.replace(/^(digit|letter)-/, '') : '')).join(' ');
const amountOf = (amount: string) =>
  / (.*) payee-intro/
    .exec(said(paymentUtterance({ amount, payee: 'x' })))?.[1]
    ?.replaceAll(/\s+/g, ' ')
    .trim();
const payeeOf = (payee: string) =>
  /payee-intro(.*)/
    .exec(said(paymentUtterance({ amount: '1 EUR', payee })))?.[1]
    ?.replaceAll(/\s+/g, ' ')
    .trim();

describe('an amount', () => {
  it.each([
    ['49.90 EUR', '4 9 decimal-point 9 0 currency-eur'],
    ['7 USD', '7 currency-usd'],
    ['1250000 JPY', '1 2 5 0 0 0 0 currency-jpy'],
    ['0.005 BRL', '0 decimal-point 0 0 5 currency-brl'],
    ['12 PLN', '1 2 p l n'],
  ])('of %s is said digit by digit, with its currency: %s', (amount, words) => {
    expect(amountOf(amount)).toBe(words);
  });

  it('is said in thousands, with a pause before each', () => {
    const amount = paymentUtterance({ amount: '1250 JPY', payee: 'x' }).slice(2, 10);
    expect(amount).toEqual([
      'digit-1',
      { pause: 240 },
      'digit-2',
      { pause: 100 },
      'digit-5',
      { pause: 100 },
      'digit-0',
      { pause: 100 },
    ]);
  });
});

describe('a payee', () => {
  it('is spelled where nothing speaks it', () => {
    expect(payeeOf('Müller 24')).toBe('m u l l e r 2 4');
  });

  it('is spelled with a longer pause between its words', () => {
    const pauses = paymentUtterance({ amount: '1 EUR', payee: 'ab c' }).slice(-6);
    expect(pauses).toEqual(['letter-a', { pause: 200 }, 'letter-b', { pause: 500 }, 'letter-c', { pause: 700 }]);
  });

  it('is spoken by the engine that there is', () => {
    const speech = { frames: () => [new Uint8Array(160)] };
    expect(paymentUtterance({ amount: '1 EUR', payee: '上海书店' }, speech)).toContain(speech);
  });

  it('that can only be spoken is not left out in silence, nor named in the error', () => {
    expect(() => paymentUtterance({ amount: '1 EUR', payee: '上海书店' })).toThrow(
      'This payee cannot be spelled, and nothing speaks it',
    );
  });
});

describe('a payment', () => {
  it('is announced, then the amount is said, then the payee', () => {
    expect(
      said(paymentUtterance({ amount: '5 EUR', payee: 'ab' }))
        .replaceAll(/\s+/g, ' ')
        .trim(),
    ).toBe('payment-intro 5 currency-eur payee-intro a b');
  });
});
