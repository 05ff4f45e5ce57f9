import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { askingBeforeCalls, type PreCallHook } from '../../../server/webhooks/pre-call-hook.ts';
import { postSigned } from '../../../server/webhooks/signed-post.ts';
import { A_NUMBER, settled, verificationWorld } from '../../support/verification-world.ts';
import { rulesWorld, type RulesWorld } from '../../support/rules-world.ts';
import { aReceiver } from './receiver.ts';
import { NUMBERS_AS_TYPED } from '../../fakes/numbers-as-typed.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const REQUEST = { relyingParty: 'shop', to: A_NUMBER, method: 'spoken', locale: 'en' } as const;

/** A service whose relying party `shop` wants to be asked, and answers so. */
async function asking(answer: number | string, onFailure: PreCallHook['onFailure'] = 'deny', rules?: RulesWorld) {
  const { url, received } = await aReceiver(answer);
  const world = verificationWorld(rules && { admission: rules.admission, clock: rules.clock });
  const faults: unknown[] = [];
  const service = askingBeforeCalls(world.service, {
    hookOf: (party) => (party === 'shop' ? { url, secret: SECRET, onFailure } : undefined),
    post: async (message) => postSigned(message, { timeout: 1_000, allowInternal: true }),
    numbers: NUMBERS_AS_TYPED,
    localesOf: (relyingParty) => (relyingParty === 'shop' ? ['en', 'zh'] : []),
    trunks: ['london', 'paris'],
    now: rules ? world.clock.now : Date.now,
    onFault: (error) => faults.push(error),
  });
  return { service, world, received, faults };
}

describe('the pre-call hook', () => {
  it('is asked, signed, with what is to be rung', async () => {
    const { service, received } = await asking('{"allow":true}');
    await service.create(REQUEST);
    const [first] = received;
    expect(new Webhook(SECRET).verify(first?.body ?? '', first?.headers ?? {})).toMatchObject({
      type: 'call.planned',
      data: { relyingParty: 'shop', to: A_NUMBER, method: 'spoken', locale: 'en' },
    });
  });

  it('may refuse, and then nobody is rung', async () => {
    const { service, world, faults } = await asking('{"allow":false}');
    await expect(service.create(REQUEST)).rejects.toMatchObject({ code: 'call_denied' });
    expect([world.telephony.calls, faults]).toEqual([[], []]);
  });

  it('may choose the language and the caller’s number', async () => {
    const { service, world } = await asking('{"allow":true,"locale":"zh","callerId":"+12025550100"}');
    await service.create(REQUEST);
    expect(world.telephony.last.request).toMatchObject({ locale: 'zh', callerId: '+12025550100' });
  });

  it.each([
    ['a fault of its own', 500],
    ['no JSON', 'yes'],
    ['a language without a voice', '{"allow":true,"locale":"fr"}'],
    ['a trunk that there is not', '{"allow":true,"trunk":"rome"}'],
    ['something else', '{"allow":"of course"}'],
  ] as const)('counts as its default when it answers with %s', async (_, answer) => {
    const denying = await asking(answer, 'deny');
    await expect(denying.service.create(REQUEST)).rejects.toMatchObject({ code: 'call_denied' });
    const allowing = await asking(answer, 'allow');
    await allowing.service.create(REQUEST);
    expect([allowing.world.telephony.calls.length, allowing.faults.length]).toEqual([1, 1]);
  });

  it('may choose the trunk, for a call again too', async () => {
    const { service, world } = await asking('{"allow":true,"trunk":"paris"}');
    const { verification } = await service.create(REQUEST);
    world.telephony.last.end('completed', { codeDelivered: true });
    await settled(world, verification.id);
    await service.callAgain(verification.id);
    expect(world.telephony.calls.map(({ request }) => request.trunk)).toEqual(['paris', 'paris']);
  });

  it('is told the trunk that the operator laid down, and cannot choose another', async () => {
    const { service, received } = await asking('{"allow":true,"trunk":"paris"}');
    await expect(service.create({ ...REQUEST, trunk: 'london' })).rejects.toMatchObject({ code: 'call_denied' });
    expect(received[0]?.body).toContain('"trunk":"london"');
  });

  it('is asked again before a call again', async () => {
    const { service, world, received } = await asking('{"allow":true}');
    const { verification } = await service.create(REQUEST);
    world.telephony.last.end('completed', { codeDelivered: true });
    await settled(world, verification.id);
    await service.callAgain(verification.id);
    expect(received.map(({ body }) => body.includes(verification.id))).toEqual([false, true]);
  });

  it('is not asked about a call that cannot be placed, however often a visitor asks for it', async () => {
    const { service, world, received } = await asking('{"allow":true}');
    const { verification } = await service.create(REQUEST);
    const again = async () => service.callAgain(verification.id);
    await expect(again()).rejects.toMatchObject({ code: 'call_in_progress' });
    world.telephony.last.end('completed', { codeDelivered: true });
    await settled(world, verification.id);
    const answers = await Promise.allSettled(Array.from({ length: 20 }, again));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await service.cancel(verification.id);
    await expect(again()).rejects.toMatchObject({ code: 'verification_closed' });
    expect(received).toHaveLength(2);
  });

  it('is not asked again while the rules have said to wait', async () => {
    const rules = await rulesWorld();
    const { service, world, received } = await asking('{"allow":true}', 'deny', rules);
    const { verification } = await service.create(REQUEST);
    world.telephony.last.end('completed', { codeDelivered: true });
    await settled(world, verification.id);
    for (let times = 0; times < 20; times += 1) {
      await expect(service.callAgain(verification.id)).rejects.toMatchObject({ code: 'rate_limited' });
    }
    expect(received).toHaveLength(2);
    rules.clock.advance(30_000);
    await service.callAgain(verification.id);
    expect(received).toHaveLength(3);
  });

  it('is not asked for another relying party', async () => {
    const { service, received } = await asking('{"allow":false}');
    await service.create({ ...REQUEST, relyingParty: 'bank' });
    expect(received).toEqual([]);
  });
});
