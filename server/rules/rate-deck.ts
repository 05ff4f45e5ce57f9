/** What a carrier takes for calls to numbers that begin so. */
export interface Rate {
  readonly prefix: string;
  /** Millionths of the currency for each minute begun. */
  readonly microsPerMinute: number;
}

export interface RateDeck {
  /** ISO 4217; one for the whole deck. */
  readonly currency: string;
  /** The rate of the longest prefix that fits. */
  rateOf(to: string): Rate | undefined;
}

class RateDeckError extends Error {
  override readonly name = 'RateDeckError';
}

const MICROS = 1_000_000;
const MINUTE = 60_000;
const PREFIX = /^\+?(\d{1,15})$/;
const PRICE = /^\d{1,6}(?:\.\d{1,6})?$/;

/**
 * Reads a CSV of `prefix,price per minute,currency`, such as `+4420,0.012,USD`. A first line of words and empty
 * lines are passed over; `#` begins a comment.
 * @throws RateDeckError that names the line
 */
export function parseRateDeck(csv: string): RateDeck {
  const rates = new Map<string, Rate>();
  let currency: string | undefined;
  csv.split(/\r?\n/).forEach((line, index) => {
    const [plain = ''] = line.split('#');
    if (plain.trim() === '' || (index === 0 && !/\d/.test(plain))) return;
    const [prefix = '', price = '', unit = '', ...more] = plain.split(',').map(unquoted);
    const [, digits] = PREFIX.exec(prefix) ?? [];
    if (digits === undefined || !PRICE.test(price) || !/^[A-Z]{3}$/.test(unit) || more.length > 0) {
      throw new RateDeckError(`line ${index + 1}: expected a prefix, a price per minute and a currency (+44,0.01,USD)`);
    }
    currency ??= unit;
    if (unit !== currency) throw new RateDeckError(`line ${index + 1}: expected ${currency} as above, got ${unit}`);
    const key = `+${digits}`;
    if (rates.has(key)) throw new RateDeckError(`line ${index + 1}: ${key} has a price already`);
    rates.set(key, { prefix: key, microsPerMinute: Math.round(Number(price) * MICROS) });
  });
  if (currency === undefined) throw new RateDeckError('expected at least one price, got none');
  return { currency, rateOf: (to) => longest(rates, to) };
}

/** Carriers bill a minute that was begun; to reckon so is to be on the safe side of those that do not. */
export function costOf({ microsPerMinute }: Rate, answeredMs: number): number {
  return Math.ceil(answeredMs / MINUTE) * microsPerMinute;
}

function longest(rates: ReadonlyMap<string, Rate>, to: string): Rate | undefined {
  if (!to.startsWith('+')) return undefined;
  for (let length = to.length; length > 1; length -= 1) {
    const rate = rates.get(to.slice(0, length));
    if (rate) return rate;
  }
  return undefined;
}

function unquoted(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, '$1');
}
