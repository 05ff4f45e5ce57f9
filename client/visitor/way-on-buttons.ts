import type { MethodName } from '../../server/http/contract.ts';
import { button, element } from '../dom/element.ts';
import type { Words } from '../words/en.ts';
import type { WayOn } from './ways-on.ts';

export interface WaysOnOptions {
  readonly words: Words;
  readonly ways: readonly WayOn[];
  readonly method: MethodName;
  readonly onChoose: (way: WayOn) => void;
}

/** The ways on as buttons, the suggested one first and strongest; to cancel is never suggested. */
export function wayOnButtons({ words, ways, method, onChoose }: WaysOnOptions): HTMLElement {
  const buttons = ways.map((way, index) =>
    button(labelOf(way, words, method), index === 0 && way !== 'cancel' ? 'primary' : 'secondary', () => onChoose(way)),
  );
  return element('div', { class: 'ways' }, buttons);
}

function labelOf(way: WayOn, { call, dialIn, result }: Words, method: MethodName): string {
  const labels: Record<WayOn, string> = {
    'call-again': method === 'dial-in' ? dialIn.newCode : call.again,
    'try-again': result.tryAgain,
    'start-again': result.startAgain,
    'other-method': method === 'keypad' ? result.useSpoken : result.useKeypad,
    change: call.change,
    'change-number': result.changeNumber,
    another: result.another,
    cancel: call.cancel,
  };
  return labels[way];
}
