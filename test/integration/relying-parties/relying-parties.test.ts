import { describe, expect, it } from 'vitest';
import type { VerificationListView } from '../../../server/http/contract.ts';
import { hashOf } from '../../../server/relying-parties/api-key.ts';
import { readRelyingParties } from '../../../server/relying-parties/relying-parties-file.ts';
import { RelyingParties } from '../../../server/relying-parties/relying-parties.ts';
import { requestOf, startApi } from '../http/api-server.ts';

const SHOP = 'rk_of_the_shop';
const BANK = 'rk_of_the_bank';
const READER = 'rk_of_the_bank_for_reading';
const OPERATOR = 'rk_of_the_operator';

function parties(shop: object = {}): RelyingParties {
  const file = readRelyingParties(
    JSON.stringify({
      operatorKeys: [hashOf(OPERATOR)],
      parties: [
        { id: 'shop', name: 'The Shop', keys: [{ hash: hashOf(SHOP) }], ...shop },
        { id: 'bank', name: 'The Bank', keys: [{ hash: hashOf(BANK) }, { hash: hashOf(READER), scopes: ['read'] }] },
      ],
    }),
  );
  return new RelyingParties(file.parties, file.operatorKeys);
}

const CREATION = { method: 'POST', body: { to: '+12025550123', method: 'spoken' } };

const ONE = '/v1/verifications/:id';

describe('one relying party among several', () => {
  it('finds nothing of another one at any endpoint there is: no number, no id, no metadata', async () => {
    const letter = { id: 'evt_x', type: 'verification.failed', verification: 'ver_of_the_shop', attempts: 7 };
    const letters = [{ ...letter, relyingParty: 'shop', createdAt: 0, at: 0 }];
    const webhooks = {
      dead: (party?: string) => letters.filter(({ relyingParty }) => relyingParty === (party ?? relyingParty)),
      replay: async (id: string, party?: string) =>
        letters.some((each) => each.id === id && each.relyingParty === party),
    };
    const api = await startApi({ parties: parties(), webhooks });
    const theirs = await api.create(
      { to: '+12025550177', method: 'spoken', metadata: { secret: 'of-the-shop' } },
      { token: SHOP },
    );
    for (const { method, path } of api.routes) {
      for (const id of [theirs.id, letter.id]) {
        for (const body of method === 'POST' ? [undefined, { to: theirs.to }, { code: '482913' }] : [undefined]) {
          const asked = { method, token: BANK, body, headers: { 'last-event-id': '0' } };
          const answer = await api.ask<unknown>(path.replace(':id', id), asked);
          const said = JSON.stringify(answer.body) ?? '';
          expect(`${method} ${path}: ${said}`).not.toMatch(/2025550177|of-the-shop|of_the_shop|evt_x/);
          expect(said).not.toContain(theirs.id);
        }
      }
    }
    expect(await api.verifications.get(theirs.id)).toMatchObject({ status: 'pending', attemptsLeft: 5 });
  });

  it('has two keys at once while it changes them', async () => {
    const keys = [SHOP, 'rk_of_the_shop_next'].map((key) => ({ hash: hashOf(key) }));
    const api = await startApi({ parties: parties({ keys }) });
    const { id } = await api.create({}, { token: SHOP });
    expect((await api.ask(`/v1/verifications/${id}`, { token: 'rk_of_the_shop_next' })).status).toBe(200);
  });

  it('gets for what is another one’s, at every endpoint and with key and token, the answer of an unknown id', async () => {
    const api = await startApi({ parties: parties() });
    const theirs = await api.create({ method: 'spoken' }, { token: SHOP });
    const own = await api.create({ method: 'spoken', to: '+12025550124' }, { token: BANK });
    const endpoints = api.routes.filter(({ path }) => path.startsWith(ONE));
    expect(endpoints.length).toBeGreaterThanOrEqual(5);
    const answers: unknown[] = [];
    for (const id of [theirs.id, 'ver_nobodys']) {
      for (const token of [BANK, READER, own.token]) {
        for (const { method, path } of endpoints) {
          const body = path.endsWith('/check') ? { code: '482913' } : undefined;
          const answer = await api.ask(path.replace(':id', id), { method, token, body });
          answers.push([answer.status, answer.body]);
        }
      }
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toHaveLength(1);
    expect(answers[0]).toMatchObject([404, { code: 'verification_not_found' }]);
    expect((await api.verifications.get(theirs.id)).attemptsLeft).toBe(5);
  });

  it('lists its own verifications only', async () => {
    const api = await startApi({ parties: parties() });
    await api.create({}, { token: SHOP });
    const own = await api.create({ to: '+12025550124' }, { token: BANK });
    const { body } = await api.ask<VerificationListView>('/v1/verifications', { token: BANK });
    expect(body).toMatchObject({ verifications: [{ id: own.id, relyingParty: 'bank' }] });
  });

  it('verifies by its own methods and in its own languages', async () => {
    const api = await startApi({ parties: parties({ methods: ['keypad'], locales: ['zh'] }) });
    expect(await api.ask('/v1/verifications', { ...CREATION, token: SHOP })).toMatchObject({
      status: 422,
      body: { code: 'unknown_method' },
    });
    expect((await api.create({}, { token: SHOP })).locale).toBe('zh');
    expect((await api.create({}, { token: BANK })).locale).toBe('en');
  });

  it('verifies nobody while there is a voice for none of its languages', async () => {
    const api = await startApi({ parties: parties({ locales: ['it'] }) });
    const refused = await api.ask('/v1/verifications', { ...CREATION, token: SHOP });
    expect(refused).toMatchObject({ status: 422, body: { code: 'unknown_locale' } });
    expect(refused.body.detail).toBe('There is a voice for none of the languages that are allowed here.');
  });

  it('is called by its own trunk, which it sees in its list and its visitors do not', async () => {
    const api = await startApi({ parties: parties({ trunk: 'london' }) });
    const created = await api.create({}, { token: SHOP });
    expect(api.telephony.last.request.trunk).toBe('london');
    api.telephony.last.progress('dialing', { trunk: 'london' });
    await expect.poll(async () => (await api.verifications.get(created.id)).call.trunk).toBe('london');
    const { body } = await api.ask<VerificationListView>('/v1/verifications', { token: SHOP });
    expect(body.verifications[0]?.call.trunk).toBe('london');
    const seen = await api.ask(`/v1/verifications/${created.id}`, { token: created.token });
    expect(JSON.stringify(seen.body)).not.toContain('london');
  });

  it('has keys that are good for what they were made for', async () => {
    const api = await startApi({ parties: parties() });
    const own = await api.create({}, { token: BANK });
    expect((await api.ask(`/v1/verifications/${own.id}`, { token: READER })).status).toBe(200);
    for (const [method, path] of [
      ['POST', ''],
      ['DELETE', `/${own.id}`],
    ] as const) {
      const body = method === 'POST' ? CREATION.body : undefined;
      const refused = await api.ask(`/v1/verifications${path}`, { method, token: READER, body });
      expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    }
  });

  it('may let pages of its origins call the API, and no others', async () => {
    const api = await startApi({ parties: parties({ origins: ['https://shop.example'] }) });
    const preflight = { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } };
    const asked = async (origin: string) =>
      fetch(`${api.url}/v1/verifications`, requestOf({ ...preflight, headers: { ...preflight.headers, origin } }));
    const allowed = await asked('https://shop.example');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, 'https://shop.example']);
    expect((await asked('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('an operator', () => {
  it('sees what a call cost, a relying party how long it lasted', async () => {
    const api = await startApi({ parties: parties() });
    await api.create({}, { token: SHOP });
    api.telephony.last.end('no-input', { answeredMs: 7_850, cost: { micros: 10_000, currency: 'USD' } });
    const callSeenBy = async (token: string) =>
      (await api.ask<VerificationListView>('/v1/verifications', { token })).body.verifications[0]?.call;
    await expect
      .poll(async () => callSeenBy(OPERATOR))
      .toMatchObject({ answeredMs: 7_850, cost: { micros: 10_000, currency: 'USD' } });
    const seen = await callSeenBy(SHOP);
    expect(seen).toMatchObject({ answeredMs: 7_850 });
    expect(seen).not.toHaveProperty('cost');
  });

  it('lists and reads everyone’s verifications, and starts or ends none', async () => {
    const api = await startApi({ parties: parties() });
    const { id } = await api.create({}, { token: SHOP });
    await api.create({ to: '+12025550124' }, { token: BANK });
    const { body } = await api.ask<VerificationListView>('/v1/verifications', { token: OPERATOR });
    expect(body.verifications.map(({ relyingParty }) => relyingParty).toSorted()).toEqual(['bank', 'shop']);
    expect((await api.ask(`/v1/verifications/${id}`, { token: OPERATOR })).status).toBe(200);
    expect((await api.ask(`/v1/verifications/${id}`, { method: 'DELETE', token: OPERATOR })).status).toBe(403);
    expect((await api.ask('/v1/verifications', { ...CREATION, token: OPERATOR })).status).toBe(403);
  });
});

describe('GET /v1/verifications', () => {
  it('pages through everything once, the newest first', async () => {
    const api = await startApi({ parties: parties() });
    const made: string[] = [];
    for (const last of [1, 2, 3, 4, 5]) {
      made.push((await api.create({ to: `+1202555010${last}` }, { token: SHOP })).id);
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await api.ask<VerificationListView>(`/v1/verifications?limit=2${cursor}`, { token: SHOP });
      seen.push(...body.verifications.map(({ id }) => id));
      cursor = body.nextCursor === undefined ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(seen.toSorted()).toEqual(made.toSorted());
    expect(seen).toHaveLength(5);
  });

  it('finds a number in any notation', async () => {
    const api = await startApi({ parties: parties() });
    const { id } = await api.create({ to: '+12025550123' }, { token: SHOP });
    await api.create({ to: '+12025550124' }, { token: SHOP });
    for (const to of ['%2B12025550123', '+12025550123', '(202)555-0123']) {
      const { body } = await api.ask<VerificationListView>(`/v1/verifications?to=${to}`, { token: SHOP });
      expect(body.verifications.map((each) => each.id)).toEqual([id]);
    }
  });

  it('says everything that is wrong with a query', async () => {
    const api = await startApi({ parties: parties() });
    const wrong = 'status=done&from=soon&limit=0&cursor=x&who=me';
    const { status, body } = await api.ask(`/v1/verifications?${wrong}`, { token: SHOP });
    expect(status).toBe(400);
    for (const word of ['status:', 'from:', 'limit:', 'cursor:']) expect(body.detail).toContain(word);
  });

  it('is closed to visitors', async () => {
    const api = await startApi();
    const { token } = await api.create();
    expect((await api.ask('/v1/verifications')).status).toBe(401);
    expect((await api.ask('/v1/verifications', { token })).status).toBe(401);
  });
});
