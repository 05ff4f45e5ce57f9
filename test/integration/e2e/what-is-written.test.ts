import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ApiClient } from '../../../server/commands/api-client.ts';
import type { CreateVerificationBody, DeadWebhooksView, VerificationView } from '../../../server/http/contract.ts';
import { hashOf } from '../../../server/relying-parties/api-key.ts';
import { filesIn } from '../../support/files-in.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { aReceiver } from '../webhooks/receiver.ts';
import { House, notQuite, OpenPage, PATIENCE } from './house.ts';

const METRICS_TOKEN = 'a-token-for-prometheus';
const KEYS = { shop: 'rk_of_the_shop_730', club: 'rk_of_the_club_730', operator: 'rk_of_the_operator_730' } as const;
const SECRET = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;
const EXTENSION = '7,3194';
const DIAL_IN_NUMBER = '+12025550199';

/** A whole server with a relying party whose webhook and pre-call hook answer, and one whose webhook is gone. */
async function aHouse() {
  const folder = await temporaryFolder();
  const [webhook, gone, hook] = [await aReceiver(200), await aReceiver(410), await aReceiver('{"allow":true}')];
  const file = join(await temporaryFolder(), 'parties.json');
  const party = (id: keyof typeof KEYS, more: object): object => ({
    id,
    name: id,
    keys: [{ hash: hashOf(KEYS[id]) }],
    ...more,
  });
  const parties = [
    party('shop', {
      webhook: { url: webhook.url, secret: SECRET },
      preCallHook: { url: hook.url, secret: SECRET, onFailure: 'deny' },
    }),
    party('club', { webhook: { url: gone.url, secret: SECRET } }),
  ];
  await writeFile(file, JSON.stringify({ operatorKeys: [hashOf(KEYS.operator)], parties }));
  const house = await House.open({
    RINGPROOF_STORE: `lowdb:${join(folder, 'ringproof.json')}`,
    RINGPROOF_LOG_LEVEL: 'debug',
    RINGPROOF_METRICS_TOKEN: METRICS_TOKEN,
    RINGPROOF_RELYING_PARTIES: file,
    RINGPROOF_INTERNAL_WEBHOOKS: 'on',
    RINGPROOF_OPEN_CREATE: 'on',
  });
  onTestFinished(async () => house.close());

  const { url } = house.ringproof;
  async function ask(path: string, token?: string, body?: object): Promise<{ status: number; text: string }> {
    const headers = {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, { headers, ...sent });
    return { status: response.status, text: await response.text() };
  }
  /** As a relying party's server asks. */
  async function verifyFor(id: keyof typeof KEYS, body: CreateVerificationBody): Promise<OpenPage> {
    const api = new ApiClient(url, KEYS[id]);
    return new OpenPage({ api, url }, await api.create(body));
  }
  return { folder, house, webhook, hook, ask, verifyFor };
}

/** Each of these, however a person, a program or an address writes it: `+1 (202) 555-0101`, `tel:…`, `%2B1202…`. */
function anyFormOf(national: string): RegExp {
  return new RegExp(Array.from(national).join(String.raw`(?:[\s().\-/_]|%20|%28|%29|%2D){0,3}`), 'i');
}

describe('A run with everything that there is', { timeout: PATIENCE }, () => {
  it('writes no code and no token anywhere, and no number but in the store and in a message that was given up', async () => {
    const { folder, house, webhook, hook, ask, verifyFor } = await aHouse();
    let shown = '';
    let shownToCaller: string | undefined;
    const one = await house.phone({ codeFor: (time) => (time === 1 ? notQuite(shown) : shown) });
    const other = await house.phone();
    const caller = await house.phone({ codeFor: () => shownToCaller });
    const stranger = await house.phone({ passGate: false });

    const [spoken, asked] = [other.next('code'), stranger.hears('report-hint')];
    const keypad = await verifyFor('shop', {
      to: one.phoneNumber,
      method: 'keypad',
      sayWord: true,
      nonce: 'nonce-of-the-shop',
    });
    shown = keypad.created.code ?? 'no code';
    const typed = await other.verify('spoken');
    const calledIn = await caller.verify('dial-in');
    shownToCaller = calledIn.created.code ?? 'no code';
    caller.phone.call(DIAL_IN_NUMBER);
    const reported = await verifyFor('club', { to: stranger.phoneNumber, method: 'keypad', extension: EXTENSION });
    const { code } = await spoken;
    await typed.type(notQuite(code));
    await typed.type(code);
    await asked;
    await stranger.key('9');

    const ends = await Promise.all([keypad.done, typed.done, calledIn.done, reported.done]);
    expect(ends.map(({ status, reason }) => reason ?? status)).toEqual([
      'verified',
      'verified',
      'verified',
      'reported',
    ]);
    const { text: seen } = await ask(`/v1/verifications/${keypad.created.id}`, KEYS.shop);
    const { receipt = 'no receipt' }: VerificationView & { receipt?: string } = JSON.parse(seen);
    expect(receipt.split('.')).toHaveLength(3);

    // What nobody may ask, and in whatever way a number is written.
    expect((await ask('/v1/verifications', undefined, { to: '+1 202 555 0199 99', method: 'keypad' })).status).toBe(
      422,
    );
    const forms = ['(202) 555-0198', 'tel:+1-202-555-0198', '+1.202.555.0198', '202 555 0198'];
    for (const to of forms) {
      for (const form of [to, encodeURIComponent(to)]) expect(form).toMatch(anyFormOf('2025550198'));
      expect((await ask('/v1/verifications', 'rk_482913_of_nobody', { to, method: 'keypad' })).status).toBe(401);
      const query = `/v1/verifications?to=${encodeURIComponent(to)}`;
      expect((await ask(query, KEYS.operator)).status).toBe(200);
      expect((await ask(`/v1/verifications/${encodeURIComponent(to)}`, KEYS.shop)).status).toBe(404);
    }
    await expect.poll(async () => (await ask('/v1/webhooks/dead', KEYS.operator)).text).toContain(reported.created.id);
    const { text: list } = await ask('/v1/webhooks/dead', KEYS.operator);
    const { webhooks: dead }: DeadWebhooksView = JSON.parse(list);
    expect(dead).toMatchObject([{ type: 'verification.failed', fault: 'gone' }]);
    await expect.poll(() => webhook.received).toHaveLength(1);
    expect(hook.received).toHaveLength(1);
    const { text: counted } = await ask('/metrics', METRICS_TOKEN);
    expect(counted).toContain('ringproof_verifications_total{status="verified",method="spoken"} 1');
    await house.ringproof.stop();

    const codes = [shown, shownToCaller, code].flatMap((each) => [each, notQuite(each)]);
    const pages = [keypad, typed, calledIn, reported];
    const codeOfReported = reported.created.code ?? 'no code';
    const tokens = [...pages.map(({ created }) => created.token), ...Object.values(KEYS), METRICS_TOKEN, 'rk_482913'];
    const numbers = [
      ...[one, other, caller, stranger].map(({ phoneNumber }) => phoneNumber),
      '+12025550198',
      DIAL_IN_NUMBER,
    ];
    const told = webhook.received.concat(hook.received).map(({ body }) => body);
    const written = [
      ['the output', house.ringproof.output],
      ['the metrics', counted],
      ...(await filesIn(folder)).map(({ path, text }) => [path, text] as const),
    ] as const;
    expect(written.length).toBeGreaterThan(9);
    for (const [where, text] of [...written, ['what relying parties were told', told.join('\n')] as const]) {
      for (const secret of [...codes, codeOfReported, ...tokens]) {
        // A hash or an id may have six digits by chance; a code stands by itself.
        const found = new RegExp(String.raw`(?<![\w-])${secret}(?![\w-])`).test(text);
        expect(found, `${where} has ${secret.slice(0, 3)}…`).toBe(false);
      }
    }
    for (const [where, text] of written) {
      const isStore = /^ringproof\/\d+\.json$/.test(where);
      const isOutbox = where === 'ringproof.json.webhooks';
      const found = numbers.filter((number) => anyFormOf(number.slice(2)).test(text)).map((each) => each.slice(-2));
      expect({ where, found }).toEqual({
        where,
        found: isStore ? ['01', '02', '03', '04', '99'] : isOutbox ? ['04'] : [],
      });
      expect({ where, extension: text.includes(EXTENSION) }).toEqual({ where, extension: isStore || isOutbox });
      expect({ where, receipt: text.includes(receipt) }).toEqual({ where, receipt: false });
    }
  });
});
