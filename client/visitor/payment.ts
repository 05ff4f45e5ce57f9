import type { VerificationView } from '../../server/http/contract.ts';
import { element } from '../dom/element.ts';
import type { Words } from '../words/en.ts';

/** What is approved by the code; undefined where nothing is. */
export function payment({ transaction }: VerificationView, words: Words): HTMLElement | undefined {
  if (!transaction) return undefined;
  const { call } = words;
  return element('dl', { class: 'payment' }, [
    element('dt', {}, [call.payment]),
    element('dd', {}, [amountIn(words, transaction.amount)]),
    element('dt', {}, [call.payee]),
    element('dd', { dir: 'auto' }, [transaction.payee]),
  ]);
}

/** `49.90 EUR` as one writes it in a language, with the currency's code: a sign may be that of several. */
export function amountIn({ tag }: Words, amount: string): string {
  const [number = '', currency = ''] = amount.split(' ');
  const digits = number.split('.')[1]?.length ?? 0;
  return new Intl.NumberFormat(tag, {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(Number(number));
}
