import { describe, expect, it } from 'vitest';
import { PageStory } from '../../../server/commands/demo/page-story.ts';
import type { VerificationView } from '../../../server/http/contract.ts';
import { aView } from '../../fakes/a-view.ts';

const VIEW = aView({ call: { state: 'collecting' } });

/** The lines of these changes of one view, one each second, as `second text`. */
function tell(
  ...changes: readonly { readonly keys: number; readonly status?: VerificationView['status'] }[]
): readonly string[] {
  const story = new PageStory();
  const lines = changes.flatMap(({ keys, status = 'pending' }, second) =>
    story.show(second, { ...VIEW, status, call: { ...VIEW.call, keys } }),
  );
  return [...lines, ...story.flush()].map(({ at, text }) => `${at} ${text}`);
}

describe('the story of a page', () => {
  it('has the keys that are counted on one line, from the first on', () => {
    expect(tell({ keys: 0 }, { keys: 1 }, { keys: 2 }, { keys: 3 })).toEqual([
      '0 The voice waits for the code',
      '1 Counts the keys: 1 2 3',
    ]);
  });

  it('has the result on a line of its own', () => {
    expect(tell({ keys: 1 }, { keys: 2 }, { keys: 2, status: 'verified' })).toEqual([
      '0 Counts the keys: 1 2',
      '2 The result: verified',
    ]);
  });

  it('knows since when a line is open, so that others can wait for it', () => {
    const story = new PageStory();
    story.show(5, { ...VIEW, call: { ...VIEW.call, keys: 1 } });
    expect(story.openSince).toBe(5);
  });
});
