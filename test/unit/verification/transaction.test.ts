import { describe, expect, it } from 'vitest';
import { viewOf } from '../../../server/http/view.ts';
import { assuranceOf } from '../../../server/receipts/assurance.ts';
import { aVerification } from '../../fakes/a-verification.ts';
import { settled, verificationWorld } from '../../support/verification-world.ts';

const PAYMENT = { amount: '49.90 EUR', payee: 'Bookshop' };

describe('the transaction of a verification', () => {
  it('goes to the voice server, to be said', async () => {
    const world = verificationWorld();
    await world.create({ transaction: PAYMENT });
    expect(world.telephony.last.request.transaction).toEqual(PAYMENT);
  });

  it('has not been spoken before the call says so', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ transaction: PAYMENT });
    world.telephony.last.progress('answered');
    expect(viewOf(await settled(world, verification.id)).transaction).toEqual({ ...PAYMENT, spoken: false });
  });

  it('has been spoken once the call says so, whatever it says next', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ transaction: PAYMENT });
    world.telephony.last.transactionSpoken('gate');
    world.telephony.last.progress('collecting', 0);
    expect(viewOf(await settled(world, verification.id)).transaction).toEqual({ ...PAYMENT, spoken: true });
  });

  it('has to be spoken again by another call, which brings another code', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ transaction: PAYMENT, method: 'spoken' });
    world.telephony.last.transactionSpoken('speaking');
    world.telephony.last.end('hung-up', { codeDelivered: true });
    await settled(world, verification.id);
    const again = await world.service.callAgain(verification.id);
    expect(viewOf(again.verification).transaction).toEqual({ ...PAYMENT, spoken: false });
  });
});

describe('a payee that no call can say', () => {
  it.each([
    ['上海书店', false],
    ['🙂', true],
  ])('(%s) is refused before anybody is rung', async (payee, speaksNames) => {
    const world = verificationWorld({ policy: { speaksNames } });
    await expect(world.create({ transaction: { ...PAYMENT, payee } })).rejects.toMatchObject({
      code: 'payee_not_sayable',
      field: '/transaction/payee',
    });
    expect(world.telephony.calls).toHaveLength(0);
  });

  it('may be one that only an engine can read, where there is an engine', async () => {
    const world = verificationWorld({ policy: { speaksNames: true } });
    await world.create({ transaction: { ...PAYMENT, payee: '上海书店' } });
    expect(world.telephony.calls).toHaveLength(1);
  });
});

describe('what a receipt says of dynamic linking', () => {
  const call = aVerification().call;

  it('is nothing without a transaction', () => {
    expect(assuranceOf(aVerification())).not.toHaveProperty('dynamicLinking');
  });

  it('is that the payer was not told, as long as no call has said it', () => {
    expect(assuranceOf(aVerification({ transaction: PAYMENT })).dynamicLinking).toEqual({
      payerToldOnTheCall: false,
      codeIsSpecific: true,
    });
  });

  it('is that the payer was told, once the call has said it', () => {
    const told = aVerification({ transaction: PAYMENT, call: { ...call, transactionSpoken: true } });
    expect(assuranceOf(told).dynamicLinking).toEqual({ payerToldOnTheCall: true, codeIsSpecific: true });
  });
});
