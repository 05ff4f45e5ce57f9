import type { StoryLine } from '../../../sip-gateway/phone/phone-story.ts';
import type { VerificationView } from '../../http/contract.ts';
import { ProgressTeller } from '../progress-words.ts';

/** Tells what a visitor's page shows in a few lines: the keys that it counts one by one are on one. */
export class PageStory {
  readonly #teller = new ProgressTeller();
  #counted: { readonly at: number; keys: readonly number[] } | undefined;

  /** The time of the line that is still being put together. */
  get openSince(): number | undefined {
    return this.#counted?.at;
  }

  /** The visitor did this, or was told this. */
  happened(at: number, text: string): readonly StoryLine[] {
    return [...this.flush(), { at, text }];
  }

  /** The lines that are certain with this view. */
  show(at: number, view: VerificationView): readonly StoryLine[] {
    const text = this.#teller.tell(view);
    if (text === undefined) return [];
    const { state, keys } = view.call;
    if (state !== 'collecting' || keys === 0 || view.status !== 'pending') return this.happened(at, text);
    this.#counted = { at: this.#counted?.at ?? at, keys: [...(this.#counted?.keys ?? []), keys] };
    return [];
  }

  /** What is still open. */
  flush(): readonly StoryLine[] {
    const counted = this.#counted;
    this.#counted = undefined;
    return counted ? [{ at: counted.at, text: `Counts the keys: ${counted.keys.join(' ')}` }] : [];
  }
}
