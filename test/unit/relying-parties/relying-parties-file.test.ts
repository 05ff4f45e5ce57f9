import { describe, expect, it } from 'vitest';
import { hashOf, newApiKey } from '../../../server/relying-parties/api-key.ts';
import { readRelyingParties, RelyingPartiesError } from '../../../server/relying-parties/relying-parties-file.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

function problemsOf(file: unknown): readonly string[] {
  try {
    readRelyingParties(JSON.stringify(file));
    return [];
  } catch (error) {
    if (!(error instanceof RelyingPartiesError)) throw error;
    return error.problems.map(({ field }) => field);
  }
}

describe('the file of relying parties', () => {
  it('may say all there is to say', () => {
    const key = newApiKey();
    const file = {
      operatorKeys: [hashOf(newApiKey())],
      parties: [
        {
          id: 'shop',
          name: 'The Shop',
          keys: [{ hash: hashOf(key), scopes: ['create'] }],
          origins: ['https://shop.example'],
          limits: { perHour: 10, perDay: 100 },
          locales: ['en'],
          methods: ['spoken'],
          trunk: 'london',
          webhook: { url: 'https://shop.example/hook', secret: SECRET },
          preCallHook: { url: 'https://shop.example/may-i', secret: [SECRET, SECRET], onFailure: 'allow' },
        },
      ],
    };
    expect(problemsOf(file)).toEqual([]);
  });

  it('names every wrong field at once', () => {
    const wrong = {
      parties: [
        { id: 'two words', name: '', keys: [{ hash: 'in-the-clear' }], origins: ['shop.example'], colour: 'red' },
        { id: 'bank', name: 'Bank', webhook: { url: 'ftp://bank', secret: 'short' }, limits: { perHour: 0 } },
      ],
    };
    expect(problemsOf(wrong).toSorted()).toEqual([
      'parties.0.colour',
      'parties.0.id',
      'parties.0.keys.0.hash',
      'parties.0.name',
      'parties.0.origins.0',
      'parties.1.limits.perHour',
      'parties.1.webhook.secret',
      'parties.1.webhook.url',
    ]);
  });

  it('gives no key to two: it would open the one for the other', () => {
    const keys = [{ hash: hashOf('rk_of_both') }];
    const parties = ['shop', 'bank'].map((id) => ({ id, name: id, keys }));
    expect(problemsOf({ parties })).toEqual(['the file']);
    expect(problemsOf({ parties: parties.slice(1), operatorKeys: [hashOf('rk_of_both')] })).toEqual(['the file']);
  });

  it('names a trunk that there is not', () => {
    const file = JSON.stringify({ parties: [{ id: 'shop', name: 'Shop', trunk: 'rome' }] });
    expect(() => readRelyingParties(file, { trunks: ['london', 'paris'] })).toThrow(
      'parties.0.trunk: expected a trunk that there is (london, paris)',
    );
  });

  it('refuses two parties of one name', () => {
    const party = { id: 'shop', name: 'Shop' };
    expect(problemsOf({ parties: [party, party] })).toEqual(['parties']);
  });

  it('quotes nothing of what stands there', () => {
    const file = JSON.stringify({ parties: [{ id: 'shop', name: 'Shop', keys: [{ hash: 'a-key-in-the-clear' }] }] });
    expect(() => readRelyingParties(file)).toThrow(expect.not.stringContaining('a-key-in-the-clear'));
  });

  it('has to be JSON', () => {
    expect(() => readRelyingParties('parties:')).toThrow('the file: expected JSON');
  });
});
