import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { describe, expect, it } from 'vitest';
import { decodeKeyRing, RETIRED_KEYS_STAY_FOR } from '../../../server/receipts/key-ring.ts';
import { Receipts, rotateKeys } from '../../../server/receipts/receipts.ts';
import { keepJson } from '../../../server/storage/kept-json.ts';
import type { CheckView, VerificationView } from '../../../server/http/contract.ts';
import { aVerification } from '../../fakes/a-verification.ts';
import { aFolder } from '../server/fake-voice.ts';
import { startApi } from '../http/api-server.ts';

const KEY = 'a-key-of-the-shop-1';
const verified = () => aVerification({ status: 'verified', settledAt: 5_000 });

async function keysOf({ ask }: Awaited<ReturnType<typeof startApi>>): Promise<JSONWebKeySet> {
  return (await ask<JSONWebKeySet>('/.well-known/jwks.json')).body;
}

describe('a receipt over HTTP', () => {
  it('comes with the right code, for the relying party, the number and the nonce', async () => {
    const api = await startApi({ apiKeys: [{ relyingParty: 'shop', key: KEY }] });
    const { id, token } = await api.create(
      { method: 'spoken', nonce: 'nonce-of-order-17', transaction: { amount: '49.90 EUR', payee: 'Bookshop' } },
      { token: KEY },
    );
    const code = api.telephony.last.request.code;
    const check = await api.ask<CheckView>(`/v1/verifications/${id}/check`, { method: 'POST', token, body: { code } });
    const { payload } = await jwtVerify(check.body.receipt ?? '', createLocalJWKSet(await keysOf(api)), {
      audience: 'shop',
      subject: '+12025550123',
      issuer: 'urn:ringproof',
      typ: 'ringproof-receipt+jwt',
    });
    expect(payload).toMatchObject({
      jti: id,
      method: 'spoken',
      nonce: 'nonce-of-order-17',
      transaction: { amount: '49.90 EUR', payee: 'Bookshop', spoken: false },
    });
  });

  it('stands in the view of a verified verification, for its owner and for its visitor', async () => {
    const api = await startApi({ apiKeys: [{ relyingParty: 'shop', key: KEY }] });
    const { id, token, code = '' } = await api.create({}, { token: KEY });
    await api.telephony.last.key(code);
    for (const secret of [token, KEY]) {
      const { body } = await api.ask<VerificationView>(`/v1/verifications/${id}`, { token: secret });
      expect(body.receipt?.split('.')).toHaveLength(3);
    }
  });

  it('is not given any more once the phone holder has said that nobody there asked for the call', async () => {
    const api = await startApi();
    const { id, token, code = '' } = await api.create();
    await api.telephony.last.key(code);
    await api.telephony.last.report();
    const { body } = await api.ask<VerificationView>(`/v1/verifications/${id}`, { token });
    expect(body).toMatchObject({ status: 'verified', reportedAt: expect.any(String) });
    expect(body).not.toHaveProperty('receipt');
  });

  it('is not given before the code was right', async () => {
    const api = await startApi();
    const { id, token } = await api.create({ method: 'spoken' });
    const wrong = api.telephony.last.request.code === '000000' ? '000001' : '000000';
    const check = await api.ask(`/v1/verifications/${id}/check`, { method: 'POST', token, body: { code: wrong } });
    expect(check.body).toEqual({ status: 'pending', attemptsLeft: 4 });
    expect((await api.ask(`/v1/verifications/${id}`, { token })).body).not.toHaveProperty('receipt');
  });

  it('does not verify once a character of it was changed', async () => {
    const api = await startApi();
    const { id, token, code = '' } = await api.create();
    await api.telephony.last.key(code);
    const { receipt = '' } = (await api.ask<VerificationView>(`/v1/verifications/${id}`, { token })).body;
    const [head = '', payload = '', signature = ''] = receipt.split('.');
    const forged = Buffer.from(payload, 'base64url').toString().replace('+12025550123', '+12025550199');
    const changed = [head, Buffer.from(forged).toString('base64url'), signature].join('.');
    await expect(jwtVerify(changed, createLocalJWKSet(await keysOf(api)))).rejects.toThrow('signature');
  });

  it('publishes no private half of a key', async () => {
    const { keys } = await keysOf(await startApi());
    expect(keys).toEqual([
      { kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: expect.any(String), use: 'sig', alg: 'EdDSA' },
    ]);
  });

  it.each([
    ['/nonce', { nonce: 'short' }],
    ['/transaction/amount', { transaction: { amount: 'a lot', payee: 'Bookshop' } }],
    ['/transaction/payee', { transaction: { amount: '1 EUR', payee: '' } }],
  ])('points at a wrong %s', async (field, wrong) => {
    const { ask } = await startApi();
    const body = { to: '+12025550123', method: 'keypad', ...wrong };
    expect(await ask('/v1/verifications', { method: 'POST', body })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ field }] },
    });
  });
});

async function openAt(file: string, now: () => number = Date.now) {
  const kept = await keepJson(file, decodeKeyRing);
  const receipts = await Receipts.open({ file: kept, issuer: 'urn:test', now, onError: () => {} });
  return { kept, receipts };
}

describe('the keys of receipts', () => {
  it('are made at the first start, for the eyes of their owner only', async () => {
    const file = join(await aFolder(), 'keys');
    await openAt(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('are the same after a restart', async () => {
    const file = join(await aFolder(), 'keys');
    const before = await openAt(file);
    const receipt = await before.receipts.issue(verified());
    const after = await openAt(file);
    expect(await after.receipts.issue(verified())).toBe(receipt);
  });

  it('are taken up by a running server after a rotation, and old receipts still verify', async () => {
    const file = join(await aFolder(), 'keys');
    let time = 0;
    const { kept, receipts } = await openAt(file, () => time);
    const old = await receipts.issue(verified());
    const kid = await rotateKeys(kept, time);
    time += 10_000;
    const young = await receipts.issue(verified());
    const keys = createLocalJWKSet({ keys: (await receipts.publicKeys()).keys.map((key) => ({ kty: 'OKP', ...key })) });
    expect(decodeProtectedHeader(young).kid).toBe(kid);
    await expect(jwtVerify(old, keys)).resolves.toBeDefined();
    await expect(jwtVerify(young, keys)).resolves.toBeDefined();
  });

  it('stay published that were signed with, also where another rotation at once has written over theirs', async () => {
    const file = join(await aFolder(), 'keys');
    let time = 0;
    const { kept, receipts } = await openAt(file, () => time);
    const before = await kept.read();
    await rotateKeys(kept, time);
    time += 10_000;
    const signed = await receipts.issue(verified());
    // Read before the first wrote, written after it.
    await rotateKeys({ read: async () => before, write: async (ring) => kept.write(ring) }, time);
    time += 10_000;
    await receipts.issue(verified());
    const restarted = (await openAt(file, () => time)).receipts;
    for (const each of [receipts, restarted]) {
      const keys = (await each.publicKeys()).keys.map((key) => ({ kty: 'OKP', ...key }));
      await expect(jwtVerify(signed, createLocalJWKSet({ keys }))).resolves.toBeDefined();
    }
  });

  it('lose the private half when they retire, and leave the key set in the end', async () => {
    const file = join(await aFolder(), 'keys');
    let time = 0;
    const { kept, receipts } = await openAt(file, () => time);
    await rotateKeys(kept, time);
    expect((await readFile(file, 'utf8')).match(/"d":/g)).toHaveLength(1);
    time = RETIRED_KEYS_STAY_FOR + 1;
    expect((await receipts.publicKeys()).keys).toHaveLength(1);
  });

  it('are not replaced in silence when their file is damaged', async () => {
    const file = join(await aFolder(), 'keys');
    await openAt(file);
    const other = await keepJson(`${file}-other`, (json) => json);
    await other.write({ current: 'nonsense' });
    await expect(openAt(`${file}-other`)).rejects.toMatchObject({ code: 'damaged' });
  });
});
