import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { run } from '../../../server/commands/run.ts';
import type { CreatedVerificationView } from '../../../server/http/contract.ts';
import { hashOf } from '../../../server/relying-parties/api-key.ts';
import { filesIn } from '../../support/files-in.ts';
import { aFolder, serveWithFakeVoice } from './fake-voice.ts';

const NUMBER = '+12025550147';
const DIGITS = '2025550147';
const OTHER = '+12025550148';
const KEYS = { shop: 'rk_of_the_shop', bank: 'rk_of_the_bank', operator: 'rk_of_the_operator' } as const;

/** Nobody listens there: messages wait in the outbox. */
const WEBHOOK = { url: 'http://127.0.0.1:9/', secret: `whsec_${Buffer.alloc(24).toString('base64')}` };

async function aServer(more: object = {}) {
  const folder = await aFolder();
  const file = join(await aFolder(), 'parties.json');
  const parties = (['shop', 'bank'] as const).map((id) => {
    return { id, name: id, keys: [{ hash: hashOf(KEYS[id]) }], webhook: WEBHOOK, ...more };
  });
  await writeFile(file, JSON.stringify({ operatorKeys: [hashOf(KEYS.operator)], parties }));
  const env = { RINGPROOF_RELYING_PARTIES: file, RINGPROOF_INTERNAL_WEBHOOKS: 'on' };
  const { api, gateway, server, log } = await serveWithFakeVoice({ folder, env });

  const create = async (by: keyof typeof KEYS, to: string) =>
    api.ask<CreatedVerificationView>('/v1/verifications', {
      method: 'POST',
      token: KEYS[by],
      body: { to, method: 'keypad', metadata: { phone: to } },
    });

  /** One whose call is still up, or, with an outcome, one that has failed. */
  async function verification(by: keyof typeof KEYS, to: string, outcome?: 'busy'): Promise<string> {
    const created = await create(by, to);
    if (outcome) {
      gateway.say({ type: 'ended', callId: created.body.call.id, end: { outcome, codeDelivered: false } });
      await expect.poll(async () => contentOf(folder, 'ringproof.json.webhooks')).toContain(created.body.id);
    }
    return created.body.id;
  }
  const erase = async (by: keyof typeof KEYS, to = NUMBER) =>
    api.ask<object>('/v1/erasures', { method: 'POST', token: KEYS[by], body: { to } });
  const isThere = async (id: string): Promise<boolean> =>
    (await api.ask(`/v1/verifications/${id}`, { token: KEYS.operator })).status === 200;
  return { folder, server, gateway, log, create, verification, erase, isThere };
}

/** Every file of a folder, or those whose path has this in it, as one text. */
async function contentOf(folder: string, part = ''): Promise<string> {
  const found = (await filesIn(folder)).filter(({ path }) => path.includes(part));
  return found.map(({ text }) => text).join('\n');
}

async function command(folder: string, ...args: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const env = { RINGPROOF_STORE: `lowdb:${join(folder, 'ringproof.json')}` };
  const code = await run(args, { env, stdin: new PassThrough(), stdout, stderr, stop: new AbortController().signal });
  return { code, text: `${String(stdout.read() ?? '')}${String(stderr.read() ?? '')}` };
}

describe('Erasing a person while the server runs', () => {
  it('leaves the number in no file, hangs up, and leaves everybody else and the audit log whole', async () => {
    const { folder, server, gateway, log, verification, erase, isThere } = await aServer();
    await verification('shop', NUMBER, 'busy');
    await verification('bank', NUMBER);
    const other = await verification('shop', OTHER, 'busy');
    expect(await contentOf(folder)).toContain(DIGITS);

    expect(await erase('operator', '(202) 555-0147')).toMatchObject({
      status: 200,
      body: { verifications: 2 },
    });

    await gateway.next('hang-up');
    expect(await contentOf(folder)).not.toContain(DIGITS);
    expect(await isThere(other)).toBe(true);
    await server.close();
    expect(await contentOf(folder)).not.toContain(DIGITS);
    expect(log.join('')).not.toContain('"event":"fault"');
    expect(await command(folder, 'audit', 'verify')).toMatchObject({ code: 0 });
  });

  it('makes lines about the number afterwards nobody can join to those before', async () => {
    const { folder, server, verification, erase } = await aServer();
    await verification('shop', NUMBER, 'busy');
    await verification('shop', NUMBER, 'busy');
    await erase('operator');
    await verification('shop', NUMBER, 'busy');
    await server.close();
    const people = [...(await contentOf(folder, '.audit')).matchAll(/"person":"([\w-]+)"/g)].map(
      ([, person]) => person,
    );
    expect(people).toHaveLength(3);
    expect(people[0]).toBe(people[1]);
    expect(people[2]).not.toBe(people[0]);
  });

  it('gives a relying party none of the calls back that it has had', async () => {
    const { verification, erase, create } = await aServer({ limits: { perDay: 2 } });
    await verification('shop', NUMBER, 'busy');
    await erase('shop');
    const answers = await Promise.all(Array.from({ length: 10 }, async (_, n) => create('shop', `+1202555010${n}`)));
    expect(answers.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
    expect(answers.find(({ status }) => status !== 201)?.body).toMatchObject({ code: 'rate_limited' });
    expect((await create('bank', NUMBER)).status).toBe(201);
  });

  it('is for one relying party what is its own, and nothing without the scope', async () => {
    const { verification, erase, isThere } = await aServer();
    const own = await verification('shop', NUMBER, 'busy');
    const theirs = await verification('bank', NUMBER, 'busy');
    expect(await erase('shop')).toMatchObject({ body: { verifications: 1, webhooks: 1 } });
    expect([await isThere(own), await isThere(theirs)]).toEqual([false, true]);
  });
});

describe('ringproof erase', () => {
  it('says beside a running server what to do', async () => {
    const { folder } = await aServer();
    const { code, text } = await command(folder, 'erase', NUMBER);
    expect(code).toBe(1);
    expect(text).toContain('POST /v1/erasures');
    expect(text).not.toContain(DIGITS);
  });

  it.each([['+1 202-555-0147'], ['tel:+1-202-555-0147'], ['２０２５５５０１４７']])(
    'leaves the number in no file when it is written as %s',
    async (written) => {
      const { folder, server, verification } = await aServer();
      await verification('shop', NUMBER, 'busy');
      await verification('bank', NUMBER, 'busy');
      await server.close();
      expect(await contentOf(folder)).toContain(DIGITS);
      expect(await command(folder, 'erase', written)).toMatchObject({
        code: 0,
        text: expect.stringContaining('Deleted 2 verifications and 2 webhooks'),
      });
      expect(await contentOf(folder)).not.toContain(DIGITS);
      expect(await command(folder, 'audit', 'verify')).toMatchObject({ code: 0 });
    },
  );
});
