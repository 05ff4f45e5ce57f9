import type { MethodName, VerificationView } from '../../server/http/contract.ts';
import { AlertLine } from '../dom/alert-line.ts';
import { element } from '../dom/element.ts';
import { icon, type IconName } from '../dom/icon.ts';
import { stepHeading, type Step } from '../dom/page-frame.ts';
import type { Explanation, Words } from '../words/en.ts';
import { describeTrouble } from '../words/trouble.ts';
import { lineInWords } from './line-in-words.ts';
import { wayOnButtons } from './way-on-buttons.ts';
import { waysOn, type WayOn } from './ways-on.ts';

export interface ResultStepOptions {
  readonly words: Words;
  readonly view: VerificationView;
  readonly methods: readonly MethodName[];
  onWayOn(way: WayOn): Promise<void>;
}

/** How a verification ended, why, and what one can do now. */
export class ResultStep implements Step {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  readonly title: string;
  readonly #options: ResultStepOptions;
  readonly #alert = new AlertLine();
  #isBusy = false;

  constructor(options: ResultStepOptions) {
    this.#options = options;
    const { words, view, methods } = options;
    const { heading, text } = resultWords(view, words);
    this.title = heading;
    this.heading = stepHeading(heading);
    const isGood = view.status === 'verified';
    const ways = waysOn(view, methods);
    this.element = element('div', { class: 'step' }, [
      element('section', { class: isGood ? 'card result good' : 'card result' }, [
        element('span', { class: 'seal', 'aria-hidden': 'true' }, [icon(sealOf(view))]),
        this.heading,
        element('p', { class: 'lede' }, [text]),
        isGood ? undefined : element('p', { class: 'for' }, [lineInWords(view, words)]),
        this.#alert.element,
        wayOnButtons({ words, ways, method: view.method, onChoose: (way) => void this.#go(way) }),
      ]),
    ]);
  }

  close(): void {
    this.#isBusy = true;
  }

  async #go(way: WayOn): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#alert.clear();
    try {
      await this.#options.onWayOn(way);
    } catch (error) {
      this.#isBusy = false;
      this.#alert.show(describeTrouble(error, this.#options.words));
    }
  }
}

function resultWords(view: VerificationView, words: Words): Explanation {
  const { status, reason, method } = view;
  const { result, failures, dialIn } = words;
  if (reason === 'superseded') return result.superseded;
  const { heading, text } = result.verified;
  if (status === 'verified') return { heading, text: text(lineInWords(view, words)) };
  // The one who called is not known as well as one who was rung, and may be called again.
  if (reason === 'reported' && method === 'dial-in') return { ...failures.reported, text: dialIn.reportedText };
  if (status === 'failed') return failures[reason ?? 'completed'];
  return result[status === 'pending' ? 'expired' : status];
}

function sealOf({ status }: VerificationView): IconName {
  if (status === 'verified') return 'check';
  if (status === 'locked') return 'lock';
  return status === 'expired' ? 'clock' : 'cross';
}
