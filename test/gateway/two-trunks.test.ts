import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest';
import { loadPromptLibrary } from '../../sip-gateway/prompts/prompt-library.ts';
import { describeWith } from '../support/needs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TestBed } from './bed/test-bed.ts';
import { CalledPerson } from './called-person.ts';
import type { UdpPhone } from './phone/udp-phone.ts';
import { Product } from './product.ts';

const A_WESTERN_NUMBER = '+14155550123';

/** Two telephone networks that know nothing of each other, with a Kamailio and an rtpengine each. */
type Networks = readonly [first: TestBed, second: TestBed];

async function openNetworks(): Promise<Networks> {
  const first = await TestBed.start();
  return [first, await TestBed.start()];
}

async function closeNetworks(networks: Networks): Promise<void> {
  await Promise.all(networks.map(async (network) => network.stop()));
}

/** Ringproof with a trunk to each network, `first` before `second`. */
async function startProduct(
  { onTestFinished }: TestContext,
  networks: Networks,
  { secondCarries }: { readonly secondCarries?: readonly string[] } = {},
): Promise<Product> {
  const trunks = networks.map(({ kamailio, account: { user, password } }, index) => ({
    name: index === 0 ? 'first' : 'second',
    url: kamailio.url,
    uri: `sip:${user}@trunk.example`,
    password,
    ...(index === 1 && secondCarries && { prefixes: secondCarries }),
  }));
  const file = join(await temporaryFolder(), 'trunks.json');
  await writeFile(file, JSON.stringify({ trunks }), { mode: 0o600 });
  const ofOneTrunk = ['URL', 'URI', 'PASSWORD'].map((name) => [`RINGPROOF_SIP_${name}`, '']);
  const env = { ...Object.fromEntries(ofOneTrunk), RINGPROOF_CALLER_ID: '', RINGPROOF_TRUNKS: file };
  const product = await Product.start(networks[0], { env, until: 'ready' });
  onTestFinished(async () => product.stop());
  return product;
}

/** One number, and the telephone that each network rings for it. */
async function plugIn(networks: Networks): Promise<{ number: string; first: UdpPhone; second: UdpPhone }> {
  const [first, second] = await Promise.all([networks[0].newPhone(), networks[1].newPhone()]);
  expect(second.number).toBe(first.number);
  return { number: first.number, first: first.phone, second: second.phone };
}

describeWith(['kamailio', 'rtpengine'], 'a call by one of two trunks', () => {
  let networks: Networks;

  beforeAll(async () => {
    networks = await openNetworks();
  });
  afterAll(async () => {
    if (networks) await closeNetworks(networks);
  });

  it.concurrent('goes by the first', async (context) => {
    const { number, first, second } = await plugIn(networks);
    const product = await startProduct(context, networks);
    const { id } = await product.create(number, 'keypad');
    (await first.nextCall()).ring();
    await product.until(id, (view) => view.call.state === 'ringing');
    expect(second.calls).toHaveLength(0);
  });

  it.concurrent('goes by the one that has its prefix', async (context) => {
    const west = await networks[1].crowdPhone();
    const product = await startProduct(context, networks, { secondCarries: ['+1415'] });
    await product.create(A_WESTERN_NUMBER, 'keypad');
    expect((await west.nextCall()).number).toBe(A_WESTERN_NUMBER);
  });

  it.concurrent('goes by the second when the first fails before it rang', async (context) => {
    const { number, first, second } = await plugIn(networks);
    first.onCall = (call) => call.reject(503, 'Service Unavailable');
    const product = await startProduct(context, networks);
    await product.create(number, 'keypad');
    expect((await second.nextCall()).number).toBe(number);
  });

  it.concurrent('is not placed a second time when the first fails after it rang', async (context) => {
    const { number, first, second } = await plugIn(networks);
    const product = await startProduct(context, networks);
    const { id } = await product.create(number, 'keypad');
    const call = await first.nextCall();
    call.ring();
    await product.until(id, (view) => view.call.state === 'ringing');
    call.reject(503, 'Service Unavailable');
    const end = (await product.toTheEnd(id)).at(-1);
    expect(end).toMatchObject({ status: 'failed', call: { outcome: 'trunk-unavailable' } });
    expect(second.calls).toHaveLength(0);
  });

  it.concurrent('goes by the second, with its media, when the first was killed', async (context) => {
    const library = await loadPromptLibrary({ defaultLocale: 'en' });
    const itsOwn = await openNetworks();
    context.onTestFinished(async () => closeNetworks(itsOwn));
    const { number, first, second } = await plugIn(itsOwn);
    const product = await startProduct(context, itsOwn);
    const earlier = await product.create(number, 'keypad');
    (await first.nextCall()).reject(486, 'Busy Here');
    await product.toTheEnd(earlier.id);
    await itsOwn[0].kamailio.kill();
    await product.create(number, 'keypad');
    const person = await CalledPerson.pickUp(await second.nextCall(), library.pack('en'));
    expect(await person.hears('greeting')).toBe('greeting');
  });
});
