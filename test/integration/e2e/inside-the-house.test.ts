import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { House, OpenPage, PATIENCE } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await House.open({
    RINGPROOF_GATE: 'off',
    RINGPROOF_REPORT_KEY: 'off',
    RINGPROOF_EXTENSIONS: '3-4',
    RINGPROOF_SIP_DOMAINS: 'ringproof.local',
  });
});
afterAll(async () => house.close());

/** Verifies this destination by the phone that is registered as `user`. */
async function verifiedAt(user: string, to: string): Promise<OpenPage> {
  let shown: string | undefined;
  await house.phone({ codeFor: () => shown }, user);
  const created = await house.api.create({ to, method: 'keypad', locale: 'en' });
  shown = created.code;
  return new OpenPage({ api: house.api, url: house.ringproof.url }, created);
}

async function refusalOf(to: string): Promise<unknown> {
  return house.api.create({ to, method: 'keypad' }).catch((error: unknown) => error);
}

describe.concurrent('what is dialled without a telephone number', { timeout: PATIENCE }, () => {
  it('may be an extension of as many digits as the operator allows', async () => {
    const page = await verifiedAt('1001', '1001');
    expect(await page.done).toMatchObject({ to: '1001', status: 'verified' });
  });

  it('may be a SIP address of a domain that the operator allows', async () => {
    const page = await verifiedAt('desk', 'sip:desk@ringproof.local');
    expect(await page.done).toMatchObject({ to: 'sip:desk@ringproof.local', status: 'verified' });
  });

  it.each([
    ['a SIP address of another domain', 'sip:desk@pbx.example', 'number_not_allowed'],
    ['a SIP address that says more than where', 'sip:desk@ringproof.local;transport=udp', 'invalid_number'],
    ['an extension of another length', '10012', 'invalid_number'],
    ['a number that a machine must not call', '911', 'number_not_allowed'],
  ])('is not %s', async (_, to, code) => {
    expect(await refusalOf(to)).toMatchObject({ code });
  });
});
