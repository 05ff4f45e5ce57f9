import { afterEach, beforeAll, expect, it } from 'vitest';
import { loadPromptLibrary, type PromptLibrary } from '../../sip-gateway/prompts/prompt-library.ts';
import { describeWith } from '../support/needs.ts';
import { CalledPerson } from './called-person.ts';
import type { KamailioAccount } from './bed/kamailio.ts';
import { TestBed } from './bed/test-bed.ts';
import { Product } from './product.ts';

describeWith(['kamailio', 'rtpengine'], 'when something breaks', () => {
  let bed: TestBed | undefined;
  let product: Product | undefined;
  let library: PromptLibrary;

  beforeAll(async () => {
    library = await loadPromptLibrary({ defaultLocale: 'en' });
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(`${bed?.logs}\n--- ringproof\n${product?.logs}\n`);
    await product?.stop();
    await bed?.stop();
    product = undefined;
    bed = undefined;
  });

  async function startAll(account: Partial<KamailioAccount> = {}): Promise<{ bed: TestBed; product: Product }> {
    bed = await TestBed.start(account);
    product = await Product.start(bed);
    return { bed, product };
  }

  it('a killed voice server ends its call with a clear outcome, comes back, and calls again', async () => {
    const world = await startAll();
    const { number, phone } = await world.bed.newPhone();
    const created = await world.product.create(number, 'keypad');
    const person = await CalledPerson.pickUp(await phone.nextCall(), library.pack('en'));
    await person.hears('greeting');
    await world.product.killVoiceServer();
    const end = (await world.product.toTheEnd(created.id)).at(-1);
    expect(end).toMatchObject({ status: 'failed', call: { state: 'ended', outcome: 'media-failed' } });

    await expect.poll(async () => (await world.product.readiness()).status, { timeout: 20_000 }).toBe(200);
    const again = await world.bed.newPhone();
    const second = await world.product.create(again.number, 'keypad');
    const answered = await CalledPerson.pickUp(await again.phone.nextCall(), library.pack('en'));
    await answered.passesTheGate('info');
    await answered.hears('keypad-ask');
    await answered.keys(second.code ?? '', 'info');
    expect((await world.product.toTheEnd(second.id)).at(-1)).toMatchObject({ status: 'verified' });
  }, 60_000);

  it('a call goes on while the trunk is restarted under it, and is verified by keys in its media', async () => {
    const world = await startAll();
    const { number, phone } = await world.bed.newPhone();
    const created = await world.product.create(number, 'keypad');
    const person = await CalledPerson.pickUp(await phone.nextCall(), library.pack('en'));
    await person.passesTheGate('telephone-event');
    await world.bed.kamailio.kill();
    await person.hears('keypad-ask');
    await person.keys(created.code ?? '', 'telephone-event');
    await person.hears('verdict-verified');
    expect((await world.product.toTheEnd(created.id)).at(-1)).toMatchObject({ status: 'verified' });
  }, 60_000);

  it('registers again by itself when the WebSocket was dropped and is back', async () => {
    const world = await startAll();
    await world.bed.kamailio.kill();
    await expect.poll(async () => (await world.product.readiness()).status, { timeout: 15_000 }).toBe(503);
    await world.bed.kamailio.restart();
    await expect.poll(async () => (await world.product.readiness()).status, { timeout: 20_000 }).toBe(200);
    const { number, phone } = await world.bed.newPhone();
    await world.product.create(number, 'keypad');
    const call = await phone.nextCall();
    expect(call.number).toBe(number);
  }, 60_000);

  it('a call without a media relay ends instead of hanging', async () => {
    const world = await startAll();
    await world.bed.killRtpengine();
    const { number } = await world.bed.newPhone();
    const created = await world.product.create(number, 'keypad');
    const end = (await world.product.toTheEnd(created.id)).at(-1);
    expect(end).toMatchObject({ status: 'failed', call: { state: 'ended', outcome: 'trunk-unavailable' } });
  }, 60_000);

  it('a call whose media relay dies under it ends instead of hanging', async () => {
    const world = await startAll();
    const { number, phone } = await world.bed.newPhone();
    const created = await world.product.create(number, 'keypad');
    const person = await CalledPerson.pickUp(await phone.nextCall(), library.pack('en'));
    await person.hears('greeting');
    await world.bed.killRtpengine();
    const end = (await world.product.toTheEnd(created.id)).at(-1);
    expect(end?.status).toBe('failed');
    expect(['media-failed', 'no-input']).toContain(end?.call.outcome);
    expect(await person.call.ended).toBe('far-bye');
  }, 120_000);

  it('calls through a trunk that has one realm for registrations and another for calls', async () => {
    const world = await startAll({ registerRealm: 'users.example', callRealm: 'calls.example' });
    const { number, phone } = await world.bed.newPhone();
    await world.product.create(number, 'keypad');
    expect((await phone.nextCall()).number).toBe(number);
  });

  it('shows its caller ID to the phone', async () => {
    const world = await startAll();
    const { number, phone } = await world.bed.newPhone();
    await world.product.create(number, 'keypad');
    expect((await phone.nextCall()).caller).toContain('+12025550100');
  });

  it('a trunk that refuses the account leaves a server that says so and takes no verifications', async () => {
    bed = await TestBed.start();
    product = await Product.launch(bed, { RINGPROOF_SIP_PASSWORD: 'not the password' });
    await expect
      .poll(async () => product?.readiness(), { timeout: 10_000 })
      .toMatchObject({
        status: 503,
        text: expect.stringContaining('trunk-refused'),
      });
    expect(await product.refused('+12025550123', 'keypad')).toMatchObject({
      status: 503,
      code: 'telephony_unavailable',
    });
  });

  it('a trunk that cannot be reached leaves a server that says so and takes no verifications', async () => {
    bed = await TestBed.start();
    product = await Product.launch(bed, { RINGPROOF_SIP_URL: `ws://127.0.0.1:${bed.ports.ng}` });
    await expect
      .poll(async () => product?.readiness(), { timeout: 10_000 })
      .toMatchObject({
        status: 503,
        text: expect.stringContaining('trunk-unreachable'),
      });
    expect(await product.refused('+12025550123', 'keypad')).toMatchObject({
      status: 503,
      code: 'telephony_unavailable',
    });
  });
});
