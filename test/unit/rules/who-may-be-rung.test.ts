import { describe, expect, it } from 'vitest';
import type { RegisterLine } from '../../../server/rules/number-register.ts';
import { parseNumberList, type NumberListEntry } from '../../../server/rules/number-list.ts';
import { NUMBER_TYPES } from '../../../server/rules/number-types.ts';
import { MemoryLines } from '../../../server/storage/memory-lines.ts';
import { KeyedHash } from '../../../server/verification/keyed-hash.ts';
import { createNumberPlan } from '../../../server/verification/phone-number.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { rulesWorld, SECRET, toldOf } from '../../support/rules-world.ts';

const REFUSED = { allowed: false, code: 'number_not_allowed' };

describe('who may be rung', () => {
  it('is a number of a country that the operator named', async () => {
    const { ask } = await rulesWorld({ countries: ['us'] });
    expect(await ask('+12025550123')).toEqual({ allowed: true });
  });

  it.each([
    ['of another country', '+4930901820'],
    ['of no country at all', '+80012345678'],
  ])('is not a number %s', async (_what, number) => {
    const { ask, refused } = await rulesWorld({ countries: ['US'] });
    expect(await ask(number)).toMatchObject(REFUSED);
    expect(refused).toEqual(['country']);
  });

  it.each([
    ['premium', '+19005550123', 'US'],
    ['premium', '+449098790000', 'GB'],
    ['personal', '+447012345678', 'GB'],
    ['pager', '+447640123456', 'GB'],
    ['shared-cost', '+611300975707', 'AU'],
  ])('is not a %s number such as %s', async (_type, number, country) => {
    const { ask, refused } = await rulesWorld({ countries: [country] });
    expect(await ask(number)).toMatchObject(REFUSED);
    expect(refused).toEqual(['number-type']);
  });

  it.each([
    ['Inmarsat', '+870773111632'],
    ['Iridium', '+881612345678'],
    ['a network at sea', '+88213300655'],
    ['an international network', '+883510000000000'],
    ['a universal personal number', '+878101234567890'],
    ['Ascension', '+24740123'],
    ['Cuba', '+5351234567'],
    ['Somalia', '+252611234567'],
  ])('is not %s, which the numbering plan calls ordinary', async (_what, number) => {
    const { ask, refused } = await rulesWorld({ countries: undefined });
    expect(await ask(number)).toMatchObject(REFUSED);
    expect(refused).toEqual(['network']);
  });

  it('is Cuba for an operator who named it', async () => {
    const { ask } = await rulesWorld({ countries: ['CU'] });
    expect(await ask('+5351234567')).toEqual({ allowed: true });
  });

  it('is a VoIP number unless the operator refuses them', async () => {
    const { ask } = await rulesWorld({ countries: ['GB'], refusedTypes: ['voip'] });
    expect(NUMBER_TYPES.voip).toBe('VOIP');
    expect(await ask('+445600123456')).toMatchObject(REFUSED);
    expect(await (await rulesWorld({ countries: ['GB'] })).ask('+445600123456')).toEqual({ allowed: true });
  });

  it('is a SIP address or an extension that the number plan let through', async () => {
    const { ask } = await rulesWorld({ countries: ['US'] });
    expect(await ask('sip:desk@pbx.example')).toEqual({ allowed: true });
    expect(await ask('1001')).toEqual({ allowed: true });
  });

  it.each([
    'sip:+19005550123@pbx.example',
    'sip:9005550123@pbx.example',
    'sip:00-1-900-555-0123@pbx.example',
    'sip:1.900.555_0123@pbx.example',
    'sip:+1@pbx.example',
  ])('is not a telephone number that hides behind a SIP domain: %s', async (to) => {
    const { ask, refused } = await rulesWorld({ countries: ['US'] });
    expect(await ask(to)).toMatchObject(REFUSED);
    expect(refused).toEqual(['network']);
  });

  it('is such an address once the operator has allowed it by name', async () => {
    const numberList = parseNumberList('allow sip:2025550123@pbx.example');
    const { ask } = await rulesWorld({ numberList });
    expect(await ask('sip:2025550123@pbx.example')).toEqual({ allowed: true });
  });
});

describe("the operator's list", () => {
  const list = parseNumberList(`
    # our test lines
    allow +49 30 901820
    block +1202555*      # a range under attack
    allow +1 202 555 0123
    block 1001
  `);

  it.each([
    ['a number of a country that is not allowed, by name', '+4930901820', true],
    ['a number in a blocked range', '+12025550199', false],
    ['a number that is allowed by name within it', '+12025550123', true],
    ['a blocked extension', '1001', false],
    ['an extension that is on no list', '1002', true],
  ])('decides on %s', async (_what, number, allowed) => {
    const { ask } = await rulesWorld({ countries: ['US'], numberList: list });
    expect((await ask(number)).allowed).toBe(allowed);
  });

  it('blocks what it both allows and blocks', async () => {
    const both: readonly NumberListEntry[] = parseNumberList('allow +12025550123\nblock +12025550123');
    expect((await (await rulesWorld({ numberList: both })).ask('+12025550123')).allowed).toBe(false);
  });

  it.each([
    ['with the zero that is not dialled from abroad', 'block +44 (0)20 7946 0018', '+442079460018'],
    ['of beginnings with that zero', 'block +44 (0)20*', '+442079460018'],
    ['of a SIP address in capitals', 'block sip:Desk@pbx.example', 'sip:desk@pbx.example'],
    ['of a SIP address that a visitor writes in capitals', 'block sip:desk@pbx.example', 'sip:DESK@pbx.example'],
  ])('understands an entry %s', async (_what, entry, to) => {
    expect((await (await rulesWorld({ numberList: parseNumberList(entry) })).ask(to)).allowed).toBe(false);
  });

  it('does not lift the limits', async () => {
    const { ring } = await rulesWorld({ numberList: list });
    await ring('+12025550123');
    expect(await ring('+12025550123')).toMatchObject({ code: 'rate_limited' });
  });

  it('names the line that is wrong, and not what stands there', () => {
    expect(() => parseNumberList('allow +12025550123\nperhaps +12025550124')).toThrow(/^line 2: (?!.*5550124)/);
  });
});

describe('the do-not-call list', () => {
  it('keeps a number from being rung by anyone, also when the operator allows it by name', async () => {
    const { register, ask } = await rulesWorld({ numberList: parseNumberList('allow +12025550123') });
    await register.add('+12025550123', 'reported');
    expect(await ask('+12025550123', { relyingParty: 'bank' })).toMatchObject(REFUSED);
  });

  it('knows a SIP address again, however its user is written', async () => {
    const { register, ask } = await rulesWorld();
    await register.add('sip:desk@pbx.example', 'reported');
    expect(await ask('sip:Desk@pbx.example')).toMatchObject(REFUSED);
  });

  it('keeps who was put there while capitals made another SIP address, until the operator removes them', async () => {
    const lines = new MemoryLines<RegisterLine>();
    const number = new KeyedHash(SECRET).subject('number', 'sip:Desk@pbx.example');
    await lines.append({ type: 'refuse', at: 0, number, shown: '…le', why: 'reported' });
    const { register, ask } = await rulesWorld({}, { clock: new FakeClock(), ledger: new MemoryLines(), lines });
    expect(await ask('sip:Desk@pbx.example')).toMatchObject(REFUSED);
    await register.remove('sip:Desk@pbx.example');
    expect(await ask('sip:Desk@pbx.example')).toEqual({ allowed: true });
  });

  it('says no more to a stranger than that of a foreign country', async () => {
    const { register, ask } = await rulesWorld();
    await register.add('+12025550123', 'reported');
    expect(toldOf(await ask('+12025550123'))).toEqual(toldOf(await ask('+4930901820')));
  });

  it('outlives a restart, and ends when the operator says so', async () => {
    const world = await rulesWorld();
    await world.register.add('+12025550123', 'reported');
    const after = await world.restarted();
    expect(await after.ask('+12025550123')).toMatchObject(REFUSED);
    await after.register.remove('+12025550123');
    expect(await after.ask('+12025550123')).toEqual({ allowed: true });
  });

  it('shows no more of a number than its country and its end', async () => {
    const { register } = await rulesWorld();
    await register.add('+12025550123', 'operator');
    expect(register.entries.map(({ shown }) => shown)).toEqual(['+1…23']);
  });
});

/** Swinnen 2016: seven tries a number became 172 calls, by zeros, spaces and country codes before it. */
describe('the 172-call trick', () => {
  const plan = createNumberPlan({ defaultCountry: 'GB', sipDomains: [] });
  const digits = '2079460000';
  const fronts = ['+44', '+44 ', '+44 (0)', '0044', '00 44 ', '011 44 ', '0', '(0)', 'tel:+44', '+44-', '+44.'];
  const groupings = [
    digits,
    '20 7946 0000',
    '20-7946-0000',
    '20.7946.0000',
    '(20) 7946 0000',
    '2 0 7 9 4 6 0 0 0 0',
    '20\u00a07946\u00a00000',
    '２０７９４６００００',
    '20\u20117946\u20110000',
    '20/7946/0000',
    '\u202a2079460000\u202c',
    '20 79 46 00 00',
    '207 946 0000',
    '2079 460 000',
    '20  7946  0000',
    '20-79-46-00-00',
  ];
  const written = fronts.flatMap((front) => groupings.map((grouping) => `${front}${grouping}`));

  it('finds more than 172 ways to write one number, and every one that is taken is that number', () => {
    expect(written.length).toBeGreaterThan(172);
    const read = written.flatMap((typed) => {
      try {
        return [plan.normalise(typed)];
      } catch {
        return [];
      }
    });
    expect(read.length).toBeGreaterThan(100);
    expect(new Set(read)).toEqual(new Set(['+442079460000']));
  });

  it('rings it three times in ten minutes and no more', async () => {
    const { ring, clock } = await rulesWorld();
    let rung = 0;
    for (const typed of written) {
      let to = '';
      try {
        to = plan.normalise(typed);
      } catch {
        continue;
      }
      if ((await ring(to)).allowed) rung += 1;
      clock.advance(3_000);
    }
    expect(rung).toBeLessThanOrEqual(3);
  });
});
