import { z } from 'zod';

/**
 * What happened, in the order it happened: the only thing that is kept of the rules. Every count is made of these
 * lines and of nothing else, so that a restart forgets nothing. Numbers and addresses are keyed hashes; times are
 * milliseconds since the epoch, money is in millionths.
 */
const at = z.number().int();
const subject = z.string().min(1);
const micros = z.number().int().nonnegative();

const ledgerLine = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('call'),
    at,
    call: z.string().min(1),
    number: subject,
    range: z.exactOptional(subject),
    address: z.exactOptional(subject),
    user: z.exactOptional(subject),
    /** The relying party's name; older lines have none. */
    party: z.exactOptional(z.string()),
    destination: z.exactOptional(z.string()),
    /** What it costs at most; so much is spoken for until it has ended. */
    reserved: z.exactOptional(micros),
  }),
  /** A verification was made that waits for a call: nobody is rung. */
  z.strictObject({
    type: z.literal('awaited'),
    at,
    address: z.exactOptional(subject),
    user: z.exactOptional(subject),
    party: z.exactOptional(z.string()),
  }),
  z.strictObject({ type: z.literal('ended'), at, call: z.string().min(1), cost: z.exactOptional(micros) }),
  /** A verification is over, after so many calls. */
  z.strictObject({
    type: z.literal('result'),
    at,
    range: z.exactOptional(subject),
    destination: z.exactOptional(z.string()),
    calls: z.number().int().positive(),
    verified: z.boolean(),
  }),
  /** So many calls came to nothing by our own fault, or were not placed after all: nobody waits for what they bring. */
  z.strictObject({
    type: z.literal('excused'),
    at,
    range: z.exactOptional(subject),
    destination: z.exactOptional(z.string()),
    calls: z.number().int().positive(),
  }),
  z.strictObject({ type: z.literal('wrong'), at, number: subject, extension: z.exactOptional(subject) }),
  z.strictObject({ type: z.literal('right'), at, number: subject, extension: z.exactOptional(subject) }),
  /** The operator says that the wrong codes of this number are to be forgotten. */
  z.strictObject({ type: z.literal('forgiven'), at, number: subject }),
]);
export type LedgerLine = z.output<typeof ledgerLine>;

/** @throws when this is no line of ours. */
export function decodeLedgerLine(json: unknown): LedgerLine {
  return ledgerLine.parse(json);
}

/** Where the lines are kept. */
export interface Ledger {
  /** Every line that was ever written and not dropped. */
  read(): Promise<readonly LedgerLine[]>;
  /** Resolves when the line outlives this process. */
  append(line: LedgerLine): Promise<void>;
  /** Drops the lines that `keep` drops; what is appended meanwhile is not lost. */
  compact(keep: (lines: readonly LedgerLine[]) => readonly LedgerLine[]): Promise<void>;
  close(): Promise<void>;
}

/** The longest window of any rule. */
export const DAY = 86_400_000;

/** The lines that a rule may still ask for; wrong codes count until one is right, however long that takes. */
export function stillNeeded(lines: readonly LedgerLine[], now: number): readonly LedgerLine[] {
  const ends = new Map<string, number>();
  lines.forEach((line, index) => {
    for (const key of endedBy(line)) ends.set(key, index);
  });
  const endOf = (key: string): number => ends.get(key) ?? -1;
  const isOpen = (tried: Tried, index: number): boolean =>
    index > Math.max(endOf(personOf(tried)), endOf(forgivenOf(tried.number)));
  const open = new Set(
    lines.flatMap((each, index) => (each.type === 'wrong' && isOpen(each, index) ? [each.number] : [])),
  );
  return lines.filter((line, index) => {
    if (line.type === 'wrong') return isOpen(line, index);
    // The last right one of a colleague has ended the waiting for the others.
    if (line.type === 'right') return open.has(line.number) && index === endOf(line.number);
    return line.type !== 'forgiven' && line.at > now - 2 * DAY;
  });
}

type Tried = Pick<Extract<LedgerLine, { readonly type: 'wrong' }>, 'number' | 'extension'>;

/** Whose wrong codes a line puts an end to. */
function endedBy(line: LedgerLine): readonly string[] {
  if (line.type === 'right') return [personOf(line), line.number];
  return line.type === 'forgiven' ? [forgivenOf(line.number)] : [];
}

function personOf({ number, extension = '' }: Tried): string {
  return `${number} ${extension}`;
}

function forgivenOf(number: string): string {
  return `forgiven ${number}`;
}

/** Two files of lines as one. */
export function inOrder(lines: readonly LedgerLine[], others: readonly LedgerLine[]): readonly LedgerLine[] {
  return [...lines, ...others].toSorted((a, b) => a.at - b.at);
}
