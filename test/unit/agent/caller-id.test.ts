import { describe, expect, it } from 'vitest';
import { callerOf } from '../../../sip-gateway/agent/caller-id.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

function caller(headers: Headers, trustsGateway = true) {
  const getHeaders = (name: string): readonly string[] => [headers[name] ?? []].flat();
  return callerOf({ getHeaders }, { trustsGateway });
}

const FROM = '"Ann" <sip:+12025550123@carrier.example>;tag=a1';
const passport = (claims: object): string =>
  `eyJhbGciOiJFUzI1NiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln;info=<https://c.example/c.pem>`;

describe('who calls', () => {
  it.each([
    ['a display name and brackets', FROM, '+12025550123'],
    ['no brackets', 'sip:2025550123@carrier.example;tag=a1', '2025550123'],
    ['an escaped plus', '<sip:%2B12025550123@carrier.example>', '+12025550123'],
    [
      'a parameter in the user part',
      '<sip:+12025550123;npdi;rn=+12025550000@carrier.example;user=phone>',
      '+12025550123',
    ],
    ['a tel URI', '<tel:+12025550123;phone-context=example>', '+12025550123'],
    ['an extension', '<sip:1001@pbx.example>', '1001'],
  ])('is read from From with %s', (_, from, presented) => {
    expect(caller({ from })).toMatchObject({ presented, evidence: { source: 'from' } });
  });

  it('is whom a trusted gateway asserts, before who says to be', () => {
    const headers = { from: '<sip:ann@home.example>', 'p-asserted-identity': '<sip:+12025550123@carrier.example>' };
    expect(caller(headers)).toMatchObject({ presented: '+12025550123', evidence: { source: 'asserted' } });
  });

  it('is not whom an untrusted one asserts', () => {
    const headers = { from: '<sip:1001@pbx.example>', 'p-asserted-identity': '<tel:+12025550123>' };
    expect(caller(headers, false)).toMatchObject({ presented: '1001', evidence: { source: 'from' } });
  });

  it('is the first of several identities that is a number', () => {
    const headers = { from: FROM, 'p-asserted-identity': ['<sip:anonymous@anonymous.invalid>', '<tel:+12025550124>'] };
    expect(caller(headers)).toMatchObject({ presented: '+12025550124' });
  });

  it.each([
    ['From', { from: '"sip:+12025550124@carrier.example" <sip:+12025550123@carrier.example>;tag=a1' }],
    ['P-Asserted-Identity', { from: FROM, 'p-asserted-identity': '"tel:+12025550124 \\"x" <tel:+12025550123>' }],
    ['no brackets', { from: 'sip:+12025550123@carrier.example;x=sip:+12025550124@carrier.example' }],
  ])('is not who is written beside the address: %s', (_, headers) => {
    expect(caller(headers)).toMatchObject({ presented: '+12025550123' });
  });

  it('has an address beside the number', () => {
    expect(caller({ from: '<sip:desk@PBX.example:5080>' })).toMatchObject({ address: 'sip:desk@pbx.example' });
  });

  it.each([
    ['From is anonymous', { from: '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=a1' }],
    ['From has no user', { from: '<sip:carrier.example>' }],
    ['From says unavailable', { from: '<sip:unavailable@carrier.example>' }],
    ['privacy is wanted', { from: FROM, privacy: 'id' }],
    [
      'privacy is wanted of a number that the gateway knows',
      { from: FROM, 'p-asserted-identity': FROM, privacy: 'user;id' },
    ],
    [
      'From is anonymous and the gateway knows better',
      { from: '<sip:anonymous@x.example>', 'p-asserted-identity': FROM },
    ],
  ] as const)('is nobody when %s', (_, headers) => {
    expect(caller(headers)).not.toHaveProperty('presented');
  });

  it('is somebody who wants no privacy', () => {
    expect(caller({ from: FROM, privacy: 'none' })).toHaveProperty('presented');
  });
});

describe('what is said of the number', () => {
  it.each([
    ['TN-Validation-Passed', { validation: 'passed' }],
    ['TN-Validation-Passed-A', { validation: 'passed', attestation: 'A' }],
    ['TN-Validation-Passed-C', { validation: 'passed', attestation: 'C' }],
    ['TN-Validation-Failed', { validation: 'failed' }],
    ['No-TN-Validation', { validation: 'none' }],
    ['Rubbish', {}],
  ])('by the verstat %s of a trusted gateway', (verstat, said) => {
    const asserted = `<sip:+12025550123;verstat=${verstat}@carrier.example;user=phone>`;
    const { evidence } = caller({ from: FROM, 'p-asserted-identity': asserted });
    expect(evidence).toEqual({ source: 'asserted', ...said });
  });

  it('by verstat in From, where the gateway puts it there', () => {
    const from = '<sip:+12025550123@carrier.example;verstat=TN-Validation-Failed>';
    expect(caller({ from }).evidence).toEqual({ source: 'from', validation: 'failed' });
  });

  it('by verstat in From, where the gateway asserts the same number and says no more', () => {
    const from = '<sip:+12025550123;verstat=TN-Validation-Passed-B@carrier.example>';
    const { evidence } = caller({ from, 'p-asserted-identity': '<tel:+12025550123>' });
    expect(evidence).toEqual({ source: 'asserted', validation: 'passed', attestation: 'B' });
  });

  it.each([
    ['another number', '<sip:+12025550124;verstat=TN-Validation-Passed-A@carrier.example>'],
    ['a display name', '";verstat=TN-Validation-Passed-A" <sip:+12025550123@carrier.example>'],
  ])('is nothing by the verstat of %s', (_, from) => {
    expect(caller({ from, 'p-asserted-identity': '<tel:+12025550123>' }).evidence).toEqual({ source: 'asserted' });
  });

  it('is nothing where anyone could have written it', () => {
    const from = '<sip:+12025550123;verstat=TN-Validation-Passed-A@carrier.example>';
    expect(caller({ from }, false).evidence).toEqual({ source: 'from' });
  });

  it.each([
    [passport({ attest: 'A', orig: { tn: '12025550123' } }), 'A'],
    [passport({ attest: 'Z' }), 'unreadable'],
    ['..c2ln;info=<https://c.example/c.pem>', 'unreadable'],
    ['rubbish', 'unreadable'],
    [passport({ attest: 'A', padding: 'x'.repeat(9_000) }), 'unreadable'],
  ])('by a header Identity is a claim', (identity, claimed) => {
    expect(caller({ from: FROM, identity }).evidence).toMatchObject({ claimed });
  });
});
