import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { keepJson } from '../../../server/storage/kept-json.ts';
import { decodeOutbox, type Delivery, type Outbox } from '../../../server/webhooks/outbox.ts';
import { postSigned } from '../../../server/webhooks/signed-post.ts';
import { Webhooks } from '../../../server/webhooks/webhooks.ts';
import { aVerification } from '../../fakes/a-verification.ts';
import { startApi } from '../http/api-server.ts';
import { aFolder } from '../server/fake-voice.ts';
import { aReceiver, aSilentReceiver } from './receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const settled = (overrides: Parameters<typeof aVerification>[0] = {}) => {
  const at = Date.now();
  return aVerification({ status: 'verified', settledAt: at, updatedAt: at, ...overrides });
};

async function open(
  url: string,
  { file, retryAfter = [5, 5] }: { file?: string; retryAfter?: readonly number[] } = {},
) {
  const errors: unknown[] = [];
  const kept = await keepJson(file, decodeOutbox);
  const webhooks = await Webhooks.open({
    file: kept,
    endpointOf: (party) => (party === 'nobody' ? undefined : { url, secret: SECRET }),
    view: async ({ id, status, to }) => ({ id, status, to }),
    post: async (message, signal) => postSigned(message, { timeout: 2_000, allowInternal: true, signal }),
    now: Date.now,
    onError: (error) => errors.push(error),
    retryAfter,
    lookEvery: 5,
  });
  const close = async () => {
    await webhooks.close();
    await kept.close();
  };
  onTestFinished(close);
  return { webhooks, errors, close };
}

function aDelivery(n: number, details: Partial<Delivery> = {}): Delivery {
  const [id, verification] = [`evt_ver_shop_${n}`, `ver_shop_${n}`];
  const body = JSON.stringify({ data: { to: '+12025550123' } });
  const made = { id, relyingParty: 'shop', verification, type: 'verification.failed', body, createdAt: 0, attempts: 1 };
  return { ...made, at: 0, ...details };
}

/** Goes on with this outbox; whatever is sent is taken. */
async function opened(outbox: Outbox, told: string[] = []): Promise<Webhooks> {
  const webhooks = await Webhooks.open({
    file: { read: async () => outbox, write: async () => {} },
    endpointOf: () => ({ url: 'http://127.0.0.1:9/', secret: SECRET }),
    view: async ({ id }) => ({ id, to: '+12025550123' }),
    post: async ({ id }) => {
      told.push(id);
      return { status: 410 };
    },
    now: Date.now,
    onError: (error) => {
      throw error;
    },
    lookEvery: 5,
  });
  onTestFinished(async () => webhooks.close());
  return webhooks;
}

describe('the end of a verification', () => {
  it.each(['verified', 'failed', 'locked', 'expired', 'canceled'] as const)('is told once: %s', async (status) => {
    const { url, received } = await aReceiver(200);
    const { webhooks } = await open(url);
    const end = settled({ status });
    webhooks.publish(end);
    webhooks.publish(end);
    // What happens to its call later is no new end.
    webhooks.publish({ ...end, updatedAt: end.updatedAt + 1 });
    await vi.waitFor(() => expect(received).toHaveLength(1));
    await webhooks.close();
    expect(received).toHaveLength(1);
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
      type: `verification.${status}`,
      data: { id: 'ver_1', status, relyingParty: 'shop' },
    });
  });

  it('is told again until it is taken, as the same event', async () => {
    const { url, received } = await aReceiver(500, 302, 200);
    const { webhooks } = await open(url);
    webhooks.publish(settled());
    await vi.waitFor(() => expect(received).toHaveLength(3));
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['evt_ver_1']));
    expect(new Set(received.map(({ body }) => body))).toHaveLength(1);
  });

  it('is given up after the last try, listed with the reason, and told when it is replayed', async () => {
    const { url, received } = await aReceiver(500, 500, 500, 200);
    const { webhooks } = await open(url);
    webhooks.publish(settled());
    await vi.waitFor(() => expect(webhooks.dead()).toHaveLength(1));
    expect(webhooks.dead('shop')).toMatchObject([{ id: 'evt_ver_1', attempts: 3, fault: 'http-500' }]);
    expect(webhooks.dead('bank')).toEqual([]);
    expect(await webhooks.replay('evt_ver_1', 'bank')).toBe(false);
    expect(await webhooks.replay('evt_ver_1', 'shop')).toBe(true);
    await vi.waitFor(() => expect(received).toHaveLength(4));
    expect(webhooks.dead()).toEqual([]);
  });

  it('is given up at once when the receiver is gone for good', async () => {
    const { url, received } = await aReceiver(410);
    const { webhooks } = await open(url);
    webhooks.publish(settled());
    await vi.waitFor(() => expect(webhooks.dead()).toMatchObject([{ fault: 'gone' }]));
    expect(received).toHaveLength(1);
  });

  it('is told, however many messages of another relying party wait for a receiver that is down', async () => {
    const told: string[] = [];
    const at = Date.now();
    const waiting = Array.from({ length: 5_000 }, (_, n) => aDelivery(n, { at: at + 3_600_000 }));
    const full = await opened({ writtenAt: at, waiting, dead: [], done: [] }, told);
    full.publish(settled({ id: 'ver_of_the_bank', relyingParty: 'bank' }));
    full.publish(settled({ id: 'ver_of_the_shop' }));
    await vi.waitFor(() => expect(told).toEqual(['evt_ver_of_the_bank']));
    expect(full.dead('shop')).toMatchObject([{ fault: 'too-many-waiting' }]);
  });

  it('stays listed, however many messages of another relying party are given up', async () => {
    const at = Date.now();
    const dead = Array.from({ length: 1_000 }, (_, n) => aDelivery(n, { at, fault: 'timeout' }));
    const ofTheBank = aDelivery(0, { id: 'evt_of_the_bank', relyingParty: 'bank', at, fault: 'timeout' });
    const webhooks = await opened({ writtenAt: at, waiting: [], dead: [ofTheBank, ...dead], done: [] });
    webhooks.publish(settled());
    await vi.waitFor(() => expect(webhooks.dead('shop')[0]).toMatchObject({ id: 'evt_ver_1', fault: 'gone' }));
    expect(webhooks.dead('shop')).toHaveLength(1_000);
    expect(webhooks.dead('bank')).toHaveLength(1);
  });

  it('is told after a restart, when the receiver was away before', async () => {
    const file = join(await aFolder(), 'webhooks');
    const before = await aReceiver(503);
    const first = await open(before.url, { file, retryAfter: [50] });
    first.webhooks.publish(settled());
    await vi.waitFor(() => expect(before.received).toHaveLength(1));
    await first.close();
    const after = await aReceiver(200);
    await open(after.url, { file });
    await vi.waitFor(() => expect(after.received).toHaveLength(1));
  });

  it('is told after a crash that came before the outbox was written, and not twice', async () => {
    const file = join(await aFolder(), 'webhooks');
    const { url, received } = await aReceiver(200);
    const first = await open(url, { file });
    first.webhooks.publish(settled({ id: 'ver_told' }));
    await vi.waitFor(() => expect(received).toHaveLength(1));
    await first.close();
    const second = await open(url, { file });
    second.webhooks.recover([settled({ id: 'ver_told' }), settled({ id: 'ver_lost' }), aVerification()]);
    await vi.waitFor(() => expect(received).toHaveLength(2));
    await second.close();
    expect(received[1]?.headers['webhook-id']).toBe('evt_ver_lost');
    expect(received).toHaveLength(2);
  });

  it('is followed by a second event when the phone holder says afterwards that nobody there asked for the call', async () => {
    const { url, received } = await aReceiver(200);
    const { webhooks } = await open(url);
    webhooks.publish(settled());
    webhooks.publish(settled({ reportedAt: 7_000, updatedAt: 7_000 }));
    webhooks.publish(settled({ reportedAt: 7_000, updatedAt: 8_000 }));
    await vi.waitFor(() => expect(received).toHaveLength(2));
    await webhooks.close();
    const types = new Map(received.map(({ headers, body }) => [headers['webhook-id'], JSON.parse(body).type]));
    expect(types.get('evt_ver_1')).toBe('verification.verified');
    expect(types.get('evt_ver_1_reported')).toBe('verification.reported');
  });

  it('is one event where the report is what settled it', async () => {
    const { url, received } = await aReceiver(200);
    const { webhooks } = await open(url);
    const failed = { status: 'failed', reason: 'reported', reportedAt: 4_999 } as const;
    webhooks.publish(settled(failed));
    await vi.waitFor(() => expect(received).toHaveLength(1));
    webhooks.publish(settled({ ...failed, updatedAt: 9_000 }));
    await webhooks.close();
    expect(received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: 'verification.failed', data: { status: 'failed' } },
    ]);
  });

  it('is told to nobody who has no webhook', async () => {
    const { url, received } = await aReceiver(200);
    const { webhooks, errors } = await open(url);
    webhooks.publish(settled({ relyingParty: 'nobody' }));
    await webhooks.close();
    expect([received, errors]).toEqual([[], []]);
  });
});

describe('what was to be told of a number that is forgotten', () => {
  const OTHER = '+12025550124';
  const whom = { to: settled().to, verifications: [] };

  it('is dropped from the dead letters too when its verification is gone already', async () => {
    const file = join(await aFolder(), 'webhooks');
    const { url } = await aReceiver(410);
    const { webhooks } = await open(url, { file });
    webhooks.publish(settled());
    webhooks.publish(settled({ id: 'ver_2', to: OTHER }));
    webhooks.publish(settled({ id: 'ver_3', relyingParty: 'bank' }));
    await vi.waitFor(() => expect(webhooks.dead()).toHaveLength(3));
    expect(await webhooks.forget({ ...whom, relyingParty: 'shop' })).toBe(1);
    expect(await webhooks.forget(whom)).toBe(1);
    expect(webhooks.dead()).toMatchObject([{ id: 'evt_ver_2' }]);
    const kept = await readFile(file, 'utf8');
    expect([kept.includes(OTHER), kept.includes(whom.to)]).toEqual([true, false]);
  });

  it('is not told again when it was on its way, and the exchange is broken off', async () => {
    const { url, received, isBrokenOff } = await aSilentReceiver();
    const { webhooks, errors } = await open(url);
    webhooks.publish(settled());
    await received;
    expect(await webhooks.forget({ ...whom, verifications: ['ver_1'] })).toBe(1);
    await isBrokenOff;
    webhooks.publish(settled());
    await webhooks.close();
    expect([webhooks.dead(), errors]).toEqual([[], []]);
  });

  it('is not told when it was just being made', async () => {
    const { url, received } = await aReceiver(200);
    const { webhooks } = await open(url);
    webhooks.publish(settled());
    await webhooks.forget({ ...whom, verifications: ['ver_1'] });
    webhooks.publish(settled({ id: 'ver_2', to: OTHER }));
    await vi.waitFor(() => expect(received).toHaveLength(1));
    await webhooks.close();
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(['evt_ver_2']);
  });
});

describe('the dead letters over HTTP', () => {
  const keys = [
    { relyingParty: 'shop', key: 'a-key-of-the-shop-1' },
    { relyingParty: 'bank', key: 'a-key-of-the-bank-1' },
  ];

  it('are listed and replayed by their relying party, and by no other', async () => {
    const { url, received } = await aReceiver(410, 200);
    const { webhooks } = await open(url);
    const api = await startApi({ apiKeys: keys, webhooks });
    webhooks.publish(settled());
    await vi.waitFor(() => expect(webhooks.dead()).toHaveLength(1));
    const [shop, bank] = keys.map(({ key }) => key);
    const replay = '/v1/webhooks/dead/evt_ver_1/replay';

    expect((await api.ask('/v1/webhooks/dead', { token: bank })).body).toEqual({ webhooks: [] });
    expect((await api.ask(replay, { method: 'POST', token: bank })).status).toBe(404);
    expect((await api.ask('/v1/webhooks/dead', { token: shop })).body).toMatchObject({
      webhooks: [{ id: 'evt_ver_1', verification: 'ver_1', fault: 'gone' }],
    });
    expect((await api.ask(replay, { method: 'POST', token: shop })).status).toBe(202);
    await vi.waitFor(() => expect(received).toHaveLength(2));
    expect((await api.ask('/v1/webhooks/dead')).status).toBe(401);
  });
});
