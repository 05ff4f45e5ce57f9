import { describe, expect, it } from 'vitest';
import { amountIn } from '../../../client/visitor/payment.ts';
import { en } from '../../../client/words/en.ts';
import { zh } from '../../../client/words/zh.ts';

describe('an amount on the page', () => {
  it.each([
    [en, '49.90 EUR', 'EUR 49.90'],
    [en, '1250000 JPY', 'JPY 1,250,000'],
    [en, '0.005 BHD', 'BHD 0.005'],
    [en, '12 EUR', 'EUR 12'],
    [zh, '49.90 EUR', 'EUR 49.90'],
  ])('is written as its readers do, with every digit that was given: %# %s', (words, amount, shown) => {
    expect(amountIn(words, amount).replaceAll('\u00A0', ' ')).toBe(shown);
  });
});
