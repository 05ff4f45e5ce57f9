import { describe, expect, it } from 'vitest';
import { readExtension, splitExtension } from '../../../client/number/extension.ts';
import { isExtension } from '../../../server/verification/extension.ts';

describe('what a visitor types as an extension', () => {
  it.each([
    ['204', '204'],
    [' 2 04-#', '204#'],
    [',,1W204', ',,1w204'],
    ['２０４，１', '204,1'],
    ['ab', 'AB'],
  ])('reads "%s" as %s', (typed, extension) => {
    expect(readExtension(typed)).toEqual({ kind: 'keys', extension });
  });

  it.each([
    ['', 'none'],
    ['  ', 'none'],
    ['desk 12', 'not-keys'],
    [',,w', 'not-keys'],
    ['1'.repeat(33), 'too-long'],
    [`${','.repeat(11)}1`, 'too-long'],
  ])('says of "%s" that it is %s', (typed, kind) => {
    expect(readExtension(typed)).toEqual({ kind });
  });

  it.each(['1'.repeat(32), `${','.repeat(10)}1`, '*', 'D', `${','.repeat(10)}w1`, '1'.repeat(33), '1x', ',', 'E'])(
    'agrees with the API about %s',
    (extension) => {
      expect(readExtension(extension).kind === 'keys').toBe(isExtension(extension));
    },
  );
});

describe('a number with its extension behind it', () => {
  it.each(['(202) 555-0123 ext. 204', '+1 202 555 0123 x204', '2025550123,204', '2025550123;ext=204'])(
    'is taken apart: %s',
    (typed) => {
      expect(splitExtension(typed, 'US')).toEqual({ number: '+12025550123', extension: '204' });
    },
  );

  it.each(['2025550123', '1001 x2', 'sip:2025550123x204@pbx.example', 'tel:+12025550123;ext=204', ''])(
    'is left alone where there is none: %s',
    (typed) => {
      expect(splitExtension(typed, 'US')).toBeUndefined();
    },
  );
});
