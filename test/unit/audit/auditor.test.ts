import { describe, expect, it } from 'vitest';
import type { AuditFields } from '../../../server/audit/audit-line.ts';
import { Auditor, type AskedRequest } from '../../../server/audit/auditor.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const CREATION: AskedRequest = {
  requestId: 'r1',
  method: 'POST',
  route: '/v1/verifications',
  status: 429,
  problem: 'rate_limited',
  address: '192.0.2.1',
};

interface Recorded {
  readonly event: string;
  readonly fields: AuditFields;
}

function anAuditor() {
  const lines: Recorded[] = [];
  const clock = new FakeClock();
  const auditor = new Auditor({
    log: {
      record: (event, fields) => lines.push({ event, fields }),
      person: (number) => `called ${number.length}`,
      stranger: (number) => `refused ${number.length}`,
      address: (address) => `from ${address}`,
    },
    now: clock.now,
    since: 0,
    normalise: (typed) => (typed === 'no number' ? undefined : typed.replaceAll(' ', '')),
  });
  const times = (many: number, request: Partial<AskedRequest>): void => {
    for (let n = 0; n < many; n += 1) auditor.asked({ ...CREATION, ...request });
  };
  return { auditor, lines, clock, times };
}

describe('the record of a refusal', () => {
  it('says which number it was, masked and by its pseudonym, and by which rule', () => {
    const { auditor, lines } = anAuditor();
    auditor.asked({ ...CREATION, by: 'key', relyingParty: 'shop', to: '+1 202 555 0123', rule: 'growing-delay' });
    expect(lines).toEqual([
      {
        event: 'request.refused',
        fields: {
          requestId: 'r1',
          asked: 'POST /v1/verifications',
          status: 429,
          from: 'from 192.0.2.1',
          by: 'key',
          relyingParty: 'shop',
          code: 'rate_limited',
          number: '+1…23',
          person: 'refused 12',
          rule: 'growing-delay',
        },
      },
    ]);
  });

  it('says nothing of what is no number', () => {
    const { auditor, lines } = anAuditor();
    auditor.asked({ ...CREATION, to: 'no number' });
    expect(lines[0]?.fields).not.toHaveProperty('number');
  });

  it('leaves the number of what was accepted to the line of its verification', () => {
    const { auditor, lines } = anAuditor();
    const { problem: _none, ...accepted } = CREATION;
    auditor.asked({ ...accepted, status: 201, to: '+12025550123' });
    expect(lines[0]).toMatchObject({ event: 'request.accepted' });
    expect(lines[0]?.fields).not.toHaveProperty('person');
  });

  it('of one address is not crowded out by thousands of another one', () => {
    const { lines, times } = anAuditor();
    times(5_000, { problem: 'unauthorized', address: '198.51.100.1' });
    times(1, { address: '192.0.2.7' });
    expect(lines.filter(({ fields }) => fields['from'] === 'from 192.0.2.7')).toHaveLength(1);
  });

  it('is a line for fifty a second, and a count by their codes for the others', () => {
    const { lines, clock, times } = anAuditor();
    for (let n = 0; n < 10; n += 1) times(10, { address: `198.51.100.${n}` });
    times(7, { problem: 'unauthorized', address: '198.51.100.1' });
    expect(lines).toHaveLength(50);
    clock.advance(1_000);
    times(1, {});
    expect(lines[50]).toEqual({
      event: 'request.refused.more',
      fields: { requests: 57, rate_limited: 50, unauthorized: 7 },
    });
    expect(lines).toHaveLength(52);
  });
});
