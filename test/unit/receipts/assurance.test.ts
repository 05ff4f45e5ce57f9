import { describe, expect, it } from 'vitest';
import { assuranceOf } from '../../../server/receipts/assurance.ts';
import { aVerification } from '../../fakes/a-verification.ts';

const terms = { network: 'gateway', gateDigits: 1, codeLength: 6 } as const;
const spoken = (overrides: Parameters<typeof aVerification>[0] = {}) =>
  aVerification({ method: 'spoken', status: 'verified', terms, createdAt: 0, settledAt: 30_000, ...overrides });

describe('the assurance of a receipt', () => {
  it('leaves to the relying party what nobody sees from a call, when all the rest held', () => {
    const { sp80063b } = assuranceOf(spoken());
    expect(sp80063b).toMatchObject({ outOfBand: 'conditional', restricted: true, why: [] });
    expect(sp80063b.relyingPartyEnsures).toContain('the number is not a VoIP number');
  });

  it('says that a code keyed on the phone is no out-of-band authentication', () => {
    expect(assuranceOf(spoken({ method: 'keypad' })).sp80063b).toMatchObject({
      outOfBand: 'no',
      conditions: { secretWentFromVerifierToPhone: false },
    });
  });

  it.each([
    ['the built-in proxy', { terms: { ...terms, network: 'local-proxy' } }, 'test'],
    ['a SIP address', { to: 'sip:desk@pbx.example' }, 'sip'],
    ['an extension', { to: '1001' }, 'extension'],
    ['a server that kept no terms', { terms: undefined }, 'test'],
  ] as const)('promises nothing of 63B over %s', (_, overrides, network) => {
    const { terms: given, ...rest } = spoken();
    const { terms: other, ...others } = { terms: given, ...overrides };
    const verification = { ...rest, ...others, ...(other && { terms: other }) };
    expect(assuranceOf(verification)).toMatchObject({ network, sp80063b: { outOfBand: 'no' } });
  });

  it('tells of a call that came in what others said of its number, and that it was not rung', () => {
    const { call } = aVerification();
    const caller = { source: 'asserted', validation: 'passed', attestation: 'A' } as const;
    const assurance = assuranceOf(spoken({ method: 'dial-in', call: { ...call, caller } }));
    expect(assurance.caller).toEqual(caller);
    expect(assurance.sp80063b.why).toContain('the number is the one that the caller showed, it was not rung');
  });

  it('tells whether the code was keyed as only a machine keys', () => {
    const { call } = aVerification();
    const of = (keyTiming?: 'machine-regular') =>
      assuranceOf(spoken({ method: 'keypad', call: { ...call, ...(keyTiming && { keyTiming }) } })).machineRegularKeys;
    expect([of('machine-regular'), of()]).toEqual([true, false]);
  });

  it('tells whether the gate was up', () => {
    expect(assuranceOf(spoken({ terms: { ...terms, gateDigits: 0 } })).gate).toBe(false);
  });
});
