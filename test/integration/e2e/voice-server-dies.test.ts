import { afterEach, describe, expect, it } from 'vitest';
import { childrenOf } from './children.ts';
import { House, PATIENCE } from './house.ts';

let house: House | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

describe('when the voice server is killed during a call', () => {
  it(
    'the API stays up, the call has an outcome, and the next call works',
    async () => {
      house = await House.open();
      const resident = await house.phone();
      const greeted = resident.hears('greeting');
      const page = await resident.verify('spoken');
      await greeted;

      const [voiceServer, ...others] = await childrenOf(house.ringproof.pid);
      expect(others).toEqual([]);
      process.kill(voiceServer ?? 0, 'SIGKILL');

      expect(await page.done).toMatchObject({
        status: 'failed',
        call: { state: 'ended', outcome: 'media-failed' },
      });
      expect((await fetch(`${house.ringproof.url}/healthz`)).status).toBe(200);
      await expect
        .poll(async () => (await fetch(`${house?.ringproof.url ?? ''}/readyz`)).status, { timeout: 15_000 })
        .toBe(200);

      resident.phone.currentCall?.hangUp(); // nobody is left to say goodbye to the phone
      let shown: string | undefined;
      resident.phone.manner = { ...resident.phone.manner, codeFor: () => shown };
      const again = await resident.verify('keypad');
      shown = again.created.code;
      expect(await again.done).toMatchObject({ status: 'verified' });
    },
    PATIENCE,
  );
});
