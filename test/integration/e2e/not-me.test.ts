import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { House, PATIENCE, wholePromptsOf } from './house.ts';

const MAIN = fileURLToPath(new URL('../../../dist/server/main.js', import.meta.url));

let house: House;
let folder: string;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringproof-'));
  env = { RINGPROOF_STORE: `lowdb:${join(folder, 'ringproof.json')}` };
  house = await House.open(env);
});
afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true });
});

/** As the operator types it. */
async function ringproof(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [MAIN, ...args], { env })).stdout;
}

describe.concurrent('a phone holder who did not ask for the call', { timeout: PATIENCE }, () => {
  it('presses nine, is thanked, and is not called again until the operator says so', async () => {
    const resident = await house.phone({ passGate: false });
    const told = resident.hears('report-hint');
    const page = await resident.verify('keypad');
    await told;
    await resident.key('9');
    expect(await page.done).toMatchObject({
      status: 'failed',
      reason: 'reported',
      reportedAt: expect.any(String),
      call: { state: 'ended', outcome: 'reported' },
    });
    expect(wholePromptsOf(await resident.callIsOver()).slice(-2)).toEqual(['report-done', 'goodbye']);

    await expect(resident.verify('spoken')).rejects.toMatchObject({ code: 'number_not_allowed' });
    await ringproof('do-not-call', 'remove', resident.phoneNumber);
    resident.phone.manner = { ...resident.phone.manner, onRing: 'busy' };
    expect(await (await resident.verify('spoken')).done).toMatchObject({ reason: 'busy' });
  });

  it('may press it by RFC 4733 while a code is spoken: the code is of no use any more', async () => {
    const resident = await house.phone({ keyWay: 'rfc4733' });
    const spoken = resident.next('code');
    const page = await resident.verify('spoken');
    const { code } = await spoken;
    await resident.key('9');
    expect(await page.done).toMatchObject({ status: 'failed', reason: 'reported' });
    await expect(page.type(code)).rejects.toMatchObject({ code: 'verification_closed' });
  });
});
