import { mkdir, rm, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fillDisk } from '../../support/full-disk.ts';
import { aFolder, serveWithFakeVoice } from './fake-voice.ts';

const NUMBER = '+12025550147';
const KEY = 'a-key-of-twenty-letters';
const CREATION = { method: 'POST', body: { to: NUMBER, method: 'spoken' } };

/** What the store writes its first change to. */
const journalOf = (folder: string): string => join(folder, 'ringproof', '000001.journal');

/** Opened and full, as a disk is: every write ends with ENOSPC. What cannot be removed stays full. */
async function fill(file: string): Promise<void> {
  await symlink('/dev/full', file);
}

describe('A disk that is full', () => {
  it('makes nothing, says so with 503 and when to come again, and is tried again at once', async () => {
    const folder = await aFolder();
    const { api, gateway, log } = await serveWithFakeVoice({ folder });
    await fill(journalOf(folder));
    const refused = await api.ask('/v1/verifications', CREATION);
    expect(refused).toMatchObject({ status: 503, body: { code: 'storage_unavailable' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(log.join('')).toContain('"reason":"ENOSPC"');
    expect((await api.ask('/v1/verifications', CREATION)).status).toBe(201);
    expect(log.join('')).toContain('store.recovered');
    expect((await gateway.next('place')).call.to).toBe(NUMBER);
  });

  it('places no call that the rules cannot count', async () => {
    const folder = await aFolder();
    const { api, gateway } = await serveWithFakeVoice({ folder });
    const ledger = join(folder, 'ringproof.json.calls');
    await rm(ledger);
    await fill(ledger);
    expect(await api.ask('/v1/verifications', CREATION)).toMatchObject({ status: 503 });
    await unlink(ledger);
    await api.create('spoken', '+12025550148');
    expect((await gateway.next('place')).call.to).toBe('+12025550148');
  });

  it('takes no guess, right or wrong: the code is still good when there is room again', async () => {
    const folder = await aFolder();
    const { api, gateway } = await serveWithFakeVoice({ folder });
    const created = await api.create('spoken', NUMBER);
    const { call } = await gateway.next('place');
    const path = `/v1/verifications/${created.id}/check`;
    const guess = async (code: string) => api.ask(path, { method: 'POST', token: created.token, body: { code } });
    const code = call.code ?? '';
    const wrong = code === '000000' ? '000001' : '000000';
    const makeRoom = await fillDisk();
    onTestFinished(makeRoom);
    for (const each of [wrong, code]) expect(await guess(each)).toMatchObject({ status: 503 });
    expect(await api.view(created)).toMatchObject({ status: 'pending', attemptsLeft: 5 });
    await makeRoom();
    expect(await guess(code)).toMatchObject({ status: 200, body: { status: 'verified' } });
  });

  it('is told of by /readyz, the log and a metric while its journal still takes what its pages cannot', async () => {
    const folder = await aFolder();
    const env = { RINGPROOF_API_KEYS: `shop:${KEY}`, RINGPROOF_METRICS_TOKEN: KEY };
    const { api, server, log } = await serveWithFakeVoice({ folder, env });
    const created = await api.ask('/v1/verifications', { ...CREATION, token: KEY });
    const page = join(folder, 'ringproof', '000001.json.tmp');
    await mkdir(page);
    // Its answer waits for the pages.
    await api.ask('/v1/erasures', { method: 'POST', token: KEY, body: { to: '+12025550199' } });
    expect(await api.ask<object>('/readyz')).toMatchObject({
      status: 200,
      body: {
        store: { ready: true, warning: expect.stringMatching(/pages .* cannot be written .* takes 6\d\.\d MiB more/) },
      },
    });
    expect(log.join('')).toContain('store.pages-failed');
    const scrape = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } });
    expect(await scrape.text()).toContain('ringproof_store_checkpoints_total{result="failed"} 1');
    expect(created.status).toBe(201);
    await rm(page, { recursive: true });
  });

  it('loses no end of a call: it is stored when there is room again', async () => {
    const folder = await aFolder();
    const { api, gateway, log } = await serveWithFakeVoice({ folder });
    const created = await api.create('keypad', NUMBER);
    const { call } = await gateway.next('place');
    const makeRoom = await fillDisk();
    onTestFinished(makeRoom);
    gateway.say({ type: 'ended', callId: call.id, end: { outcome: 'busy', codeDelivered: false } });
    await expect.poll(() => log.join('')).toContain('store.failed');
    expect(await api.view(created)).toMatchObject({ status: 'pending' });
    await makeRoom();
    await expect
      .poll(async () => api.view(created), { timeout: 8_000 })
      .toMatchObject({ status: 'failed', reason: 'busy', call: { state: 'ended' } });
  });
});
