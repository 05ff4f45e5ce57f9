import { describe, expect, it } from 'vitest';
import { viewOf } from '../../../server/http/view.ts';
import { assuranceOf } from '../../../server/receipts/assurance.ts';
import { decodePage } from '../../../server/storage/documents.ts';
import { aVerification } from '../../fakes/a-verification.ts';
import { verificationWorld } from '../../support/verification-world.ts';

const asked = (gateDigits: number) => verificationWorld({ policy: { gateDigits } });

describe('the digits of the gate', () => {
  it('are as many as the policy says, in the order to the voice server', async () => {
    const world = asked(3);
    await world.create();
    expect(world.telephony.last.request.gateDigits).toBe(3);
  });

  it.each([0, 1, 2])('are counted in the view and in the receipt: %i', async (gateDigits) => {
    const { verification } = await asked(gateDigits).create();
    expect([viewOf(verification).gateDigits, assuranceOf(verification)]).toMatchObject([
      gateDigits,
      { gateDigits, gate: gateDigits > 0 },
    ]);
  });

  it('are none where the person calls', async () => {
    const { verification } = await asked(2).create({ method: 'dial-in' });
    expect([viewOf(verification).gateDigits, assuranceOf(verification).gate]).toEqual([0, false]);
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('are read of a verification that was stored when gates had one: %s', (gate, gateDigits) => {
    const before = { ...aVerification(), terms: { network: 'gateway', gate, codeLength: 6 } };
    const [stored] = decodePage({ verifications: [before] });
    expect(stored?.verification.terms).toEqual({ network: 'gateway', gateDigits, codeLength: 6 });
  });
});
