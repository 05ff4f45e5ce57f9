import { pipeline } from 'node:stream/promises';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { isReaderGone } from '../../../server/http/reader-gone.ts';

describe('isReaderGone', () => {
  it('knows a reader that left in the middle of an answer', async () => {
    const reader = new PassThrough();
    const answer = pipeline(Readable.from(['half', 'of it']), reader);
    reader.destroy();
    await expect(answer).rejects.toSatisfy(isReaderGone);
  });

  it('takes nothing else for one', () => {
    expect(isReaderGone(new TypeError('a bug'))).toBe(false);
  });
});
