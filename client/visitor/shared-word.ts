import type { VerificationView } from '../../server/http/contract.ts';
import { element } from '../dom/element.ts';
import type { Words } from '../words/en.ts';

/** The word that the call says as well; undefined where there is none. */
export function sharedWord({ word, locale }: VerificationView, { call }: Words): HTMLElement | undefined {
  if (word === undefined) return undefined;
  return element('div', { class: 'shared-word' }, [
    element('p', {}, [`${call.word} `, element('strong', { lang: locale, dir: 'auto' }, [word])]),
    element('p', { class: 'hint' }, [call.otherWord]),
  ]);
}
