import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../../support/files-in.ts';
import { House, notQuite, PATIENCE } from './house.ts';

const TOKEN = 'a-token-for-prometheus';

let folder: string;
let house: House;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringproof-'));
  house = await House.open({
    RINGPROOF_STORE: `lowdb:${join(folder, 'ringproof.json')}`,
    RINGPROOF_LOG_LEVEL: 'debug',
    RINGPROOF_METRICS_TOKEN: TOKEN,
    // What is said of it is no secret, and every other test has it.
    RINGPROOF_GATE: 'off',
  });
});
afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true });
});

async function refusal(to: string, token?: string): Promise<number> {
  const response = await fetch(`${house.ringproof.url}/v1/verifications`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ to, method: 'keypad' }),
  });
  return response.status;
}

describe('A run with both methods, wrong codes and refusals', { timeout: PATIENCE }, () => {
  it('writes no code and no token anywhere, and no number but in the store itself', async () => {
    let shown = '';
    const one = await house.phone({ codeFor: (time) => (time === 1 ? notQuite(shown) : shown) });
    const other = await house.phone();
    const spoken = other.next('code');
    const [keypad, typed] = [await one.verify('keypad'), await other.verify('spoken')];
    shown = keypad.created.code ?? 'no code';
    const { code } = await spoken;
    await typed.type(notQuite(code));
    await typed.type(code);
    expect(await keypad.done).toMatchObject({ status: 'verified', attemptsLeft: 4 });
    expect(await typed.done).toMatchObject({ status: 'verified', attemptsLeft: 4 });
    expect(await refusal('+1 202 555 0199 99')).toBe(422);
    expect(await refusal('+12025550198', 'rk_482913_of_nobody')).toBe(401);
    const metrics = await fetch(`${house.ringproof.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const counted = await metrics.text();
    expect(counted).toContain('ringproof_verifications_total{status="verified",method="spoken"} 1');
    await house.ringproof.stop();

    const codes = [shown, notQuite(shown), code, notQuite(code)];
    const tokens = [keypad.created.token, typed.created.token, TOKEN, 'rk_482913'];
    const numbers = [one.phoneNumber, other.phoneNumber, '+12025550198', '555 0199'].map((number) => number.slice(2));
    const written = [
      ['the output', house.ringproof.output],
      ['the metrics', counted],
      ...(await filesIn(folder)).map(({ path, text }) => [path, text] as const),
    ] as const;
    expect(written.length).toBeGreaterThan(8);
    for (const [where, text] of written) {
      for (const secret of [...codes, ...tokens]) {
        // A hash or an id may have six digits by chance; a code stands by itself.
        const found = new RegExp(String.raw`(?<![\w-])${secret}(?![\w-])`).test(text);
        expect(found, `${where} has ${secret.slice(0, 3)}…`).toBe(false);
      }
      const isStore = /^ringproof\/\d+\.json$/.test(where);
      const found = numbers.filter((number) => text.includes(number)).map((number) => number.slice(-2));
      expect({ where, found }).toEqual({ where, found: isStore ? ['01', '02'] : [] });
    }
  });
});
