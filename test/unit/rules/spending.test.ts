import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Spending } from '../../../server/rules/spending.ts';
import { DAY } from '../../support/rules-world.ts';

const NOW = 1_700_000_000_000;
const aCall = fc.record({
  at: fc.integer({ min: NOW - 2 * DAY, max: NOW }),
  destination: fc.constantFrom('+1', '+44'),
  micros: fc.nat(1_000),
  cost: fc.option(fc.nat(1_000), { nil: undefined }),
});

describe('what calls of a day have cost', () => {
  it('is what adding them all up comes to, in whatever order they came and were corrected', () => {
    fc.assert(
      fc.property(
        fc.array(aCall, { maxLength: 300 }),
        fc.constantFrom('+1', '+44', undefined),
        (calls, destination) => {
          const spending = new Spending();
          for (const [index, { at, micros, ...call }] of calls.entries()) {
            spending.add({ call: `call_${index}`, at, destination: call.destination, micros });
            if (index % 3 === 0) spending.sum(NOW - DAY / 2, destination);
            if (call.cost !== undefined) spending.correct(`call_${index}`, call.cost);
          }
          const counted = calls.filter(
            (call) => call.at > NOW - DAY && (destination ?? call.destination) === call.destination,
          );
          const sum = counted.reduce((total, { micros, cost = micros }) => total + cost, 0);
          expect(spending.sum(NOW, destination)).toBe(sum);
          expect(spending.oldest(destination) ?? Infinity).toBe(Math.min(...counted.map(({ at }) => at)));
        },
      ),
    );
  });

  it('does not know of a call that it was never told of', () => {
    const spending = new Spending();
    spending.correct('call_1', 5);
    expect(spending.sum(NOW)).toBe(0);
    expect(spending.oldest()).toBeUndefined();
  });
});
