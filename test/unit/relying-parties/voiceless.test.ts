import { expect, it } from 'vitest';
import { readRelyingParties } from '../../../server/relying-parties/relying-parties-file.ts';
import { RelyingParties } from '../../../server/relying-parties/relying-parties.ts';

it('a language that a relying party is restricted to and that no call can be held in is told of', () => {
  const text = JSON.stringify({
    parties: [
      { id: 'shop', name: 'Shop', locales: ['EN-gb', 'it'] },
      { id: 'bank', name: 'Bank' },
    ],
  });
  const { parties } = readRelyingParties(text);
  expect(new RelyingParties(parties).voiceless(['en', 'fr'])).toEqual([{ relyingParty: 'shop', locale: 'it' }]);
});
