import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../../server/config.ts';
import { PROMPT_NAMES, type Utterance } from '../../../sip-gateway/prompts/prompt-name.ts';
import { lineOf, LINES } from '../../../sip-gateway/prompts/render/lines.ts';
import { paymentUtterance } from '../../../sip-gateway/scripts/payment.ts';
import { digitPrompts, FIRST_PACE, SLOW_PACE } from '../../../sip-gateway/scripts/utterances.ts';

/** What a call says, as one would write it down. */
function written(utterance: Utterance, locale: string): string {
  const lines = LINES[locale];
  if (!lines) throw new Error(`There is no pack for ${locale}`);
  const parts = utterance.flatMap((part) => (typeof part === 'string' ? [lineOf(lines, part).text] : []));
  return parts.map((text) => text.replace(/\.$/, '')).join(' ');
}

const pay = (amount: string, locale: string): string =>
  written(paymentUtterance({ amount, payee: 'A1' }), locale).replaceAll(/\s+/g, ' ');

describe('a payment in words', () => {
  it.each([
    ['de', 'Sie genehmigen eine Zahlung von vier neun Komma neun null Euro Der Empfänger ist A eins'],
    ['en', 'You are approving a payment of four nine point nine zero euros The payee is A one'],
    ['es', 'Usted aprueba un pago de cuatro nueve coma nueve cero euros El beneficiario es A uno'],
    ['fr', 'Vous approuvez un paiement de quatre neuf virgule neuf zéro euros Le bénéficiaire est A un'],
    ['pt', 'Com este código, aprova um pagamento de quatro nove vírgula nove zero euros O beneficiário é A um'],
    ['zh', '您正在批准一笔付款，金额为 四 九 点 九 零 欧元 收款方是 A 一'],
  ])('is in %s: %s', (locale, words) => {
    expect(pay('49.90 EUR', locale)).toBe(words);
  });

  it.each([
    ['0 EUR', 'zero euros'],
    ['0.05 GBP', 'zero point zero five British pounds'],
    ['100.00 USD', 'one zero zero point zero zero US dollars'],
    ['1500 JPY', 'one five zero zero Japanese yen'],
    ['0.125 KWD', 'zero point one two five K W D'],
    ['1000000.10 SEK', 'one zero zero zero zero zero zero point one zero Swedish kronor'],
    ['999999999999.999 INR', `${'nine '.repeat(12)}point nine nine nine Indian rupees`],
  ])('says every digit of %s: %s', (amount, words) => {
    expect(pay(amount, 'en')).toBe(`You are approving a payment of ${words} The payee is A one`);
  });

  it('of the largest sum is said in half a minute', () => {
    const parts = paymentUtterance({ amount: '999999999999.999 EUR', payee: 'A1' });
    const pauses = parts.reduce((ms, part) => ms + (typeof part !== 'string' && 'pause' in part ? part.pause : 0), 0);
    // No digit takes longer than a second.
    expect(pauses + parts.filter((part) => typeof part === 'string').length * 1_000).toBeLessThan(30_000);
  });

  it('rests before each thousand, and nowhere else as long', () => {
    const number = paymentUtterance({ amount: '1234567.89 EUR', payee: 'A1' });
    const rests = number.flatMap((part, at) =>
      typeof part !== 'string' && 'pause' in part && part.pause === 240 ? [number[at + 1]] : [],
    );
    expect(rests).toEqual(['digit-2', 'digit-5']);
  });
});

describe.each(LOCALES)('in the language %s', (locale) => {
  const textsOf = (beginning: string): readonly string[] =>
    PROMPT_NAMES.filter((name) => name.startsWith(beginning)).map((name) => written([name], locale));

  it.each(['digit-', 'currency-', 'letter-', 'word-'])('no two prompts say the same: %s…', (beginning) => {
    const texts = textsOf(beginning);
    expect([texts.length > 9, new Set(texts).size]).toEqual([true, texts.length]);
  });

  it('no currency is called by a digit’s name or by the decimal point’s', () => {
    const taken = new Set([...textsOf('digit-'), ...textsOf('decimal-point')]);
    expect(textsOf('currency-').filter((name) => taken.has(name))).toEqual([]);
  });
});

describe('a code with the same digit twice', () => {
  it.each([
    ['111111', FIRST_PACE],
    ['112233', FIRST_PACE],
    ['000000', SLOW_PACE],
    ['99887766', SLOW_PACE],
  ])('%s is said digit by digit, with at least half a second between two', (code, pace) => {
    const utterance = digitPrompts(code, pace);
    const said = utterance.flatMap((part) => (typeof part === 'string' ? [part.replace('digit-', '')] : []));
    const pauses = utterance.flatMap((part) => (typeof part !== 'string' && 'pause' in part ? [part.pause] : []));
    expect([said.join(''), pauses.length, Math.min(...pauses) >= 500]).toEqual([code, code.length - 1, true]);
  });
});
