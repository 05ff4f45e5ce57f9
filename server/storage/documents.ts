import { z } from 'zod';
import { CALL_STATES, KEY_TIMINGS, METHODS, OUTCOMES } from '../verification/call.ts';
import { ATTESTATIONS, VALIDATIONS } from '../verification/caller.ts';
import { VERIFICATION_STATUSES, type Verification } from '../verification/verification.ts';
import { putOf, storedOf, type Change, type Stored } from './change.ts';

/** What the root file says: which files make up the store. */
export interface RootDocument {
  /** Oldest first; in the file as ranges `[from, to]`. */
  readonly pages: readonly number[];
  /** What came after the pages were written, oldest first; none while no change waits for its page. */
  readonly journals: readonly JournalName[];
}

/** A file of the journal, and the number of the first frame in it. */
export interface JournalName {
  readonly number: number;
  readonly first: number;
}

/** What a page says. */
export type PageDocument = readonly Stored[];

const FORMAT = 'ringproof-store';
const VERSION = 1;

const time = z.number().int();
const count = z.number().int().nonnegative();
const outcome = z.enum(OUTCOMES);

const network = z.enum(['gateway', 'local-proxy']);
const terms = z.strictObject({ network, gateDigits: count, codeLength: count });
/** As they were written while a gate had one digit. */
const termsOfOneDigit = z
  .strictObject({ network, gate: z.boolean(), codeLength: count })
  .transform(({ gate, ...rest }) => ({ ...rest, gateDigits: gate ? 1 : 0 }));

// Strict: a field that this version does not know would be lost at the next write.
const storedVerification = z.strictObject({
  id: z.string().min(1),
  relyingParty: z.string(),
  to: z.string().min(1),
  method: z.enum(METHODS),
  dialIn: z.exactOptional(z.string().min(1)),
  locale: z.string(),
  status: z.enum(VERIFICATION_STATUSES),
  reason: z.exactOptional(z.union([outcome, z.literal('superseded')])),
  codeHash: z.exactOptional(z.string()),
  idempotencyKeyHash: z.exactOptional(z.string()),
  userHash: z.exactOptional(z.string()),
  attemptsLeft: count,
  call: z.strictObject({
    id: z.string().min(1),
    number: count,
    state: z.enum(CALL_STATES),
    keys: count,
    keyTiming: z.exactOptional(z.enum(KEY_TIMINGS)),
    transactionSpoken: z.exactOptional(z.boolean()),
    outcome: z.exactOptional(outcome),
    sipStatus: z.exactOptional(count),
    trunk: z.exactOptional(z.string()),
    answeredMs: z.exactOptional(count),
    cost: z.exactOptional(z.strictObject({ micros: count, currency: z.string() })),
    caller: z.exactOptional(
      z.strictObject({
        source: z.enum(['asserted', 'from']),
        validation: z.exactOptional(z.enum(VALIDATIONS)),
        attestation: z.exactOptional(z.enum(ATTESTATIONS)),
        claimed: z.exactOptional(z.enum([...ATTESTATIONS, 'unreadable'])),
      }),
    ),
  }),
  extension: z.exactOptional(z.string()),
  metadata: z.exactOptional(z.record(z.string(), z.string())),
  callerId: z.exactOptional(z.string()),
  trunk: z.exactOptional(z.string()),
  nonce: z.exactOptional(z.string()),
  transaction: z.exactOptional(z.strictObject({ amount: z.string(), payee: z.string() })),
  word: z.exactOptional(count),
  wordText: z.exactOptional(z.string()),
  terms: z.exactOptional(z.union([terms, termsOfOneDigit])),
  createdAt: time,
  updatedAt: time,
  settledAt: z.exactOptional(time),
  reportedAt: z.exactOptional(time),
  expiresAt: time,
  revision: count,
}) satisfies z.ZodType<Verification>;

const pageFile = z.strictObject({ verifications: z.array(storedVerification) });
/** Far more pages than a disk has room for: a wrong number must not fill the memory. */
const MAX_PAGE = 10_000_000;
const positive = z.number().int().positive();
const pageNumber = z.number().int().positive().max(MAX_PAGE);

const rootFile = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  pages: z.array(z.tuple([pageNumber, pageNumber])).refine(isAscending),
  journals: z.exactOptional(z.array(z.strictObject({ number: positive, first: positive })).refine(isNumberedOn)),
});

const changes = z.array(
  z.union([z.strictObject({ put: storedVerification }), z.strictObject({ drop: z.array(z.string()) })]),
);

export function decodePage(json: unknown): PageDocument {
  return parse(pageFile, json).verifications.map(storedOf);
}

export function decodeRoot(json: unknown): RootDocument {
  const { pages, journals = [] } = parse(rootFile, json);
  return { pages: pages.flatMap(([from, to]) => range(from, to)), journals };
}

/** The changes of one frame of the journal. */
export function decodeChanges(json: unknown): readonly Change[] {
  return parse(changes, json).map((change) => ('put' in change ? putOf(change.put) : change));
}

/** One verification a line. */
export function stringifyPage(stored: readonly Stored[]): string {
  return `{"verifications":[\n${stored.map(({ text }) => text).join(',\n')}\n]}`;
}

/** Ranges keep the root small however many pages there are. */
export function stringifyRoot({ pages, journals }: RootDocument): string {
  const ranges: [number, number][] = [];
  for (const page of pages) {
    const last = ranges.at(-1);
    if (last?.[1] === page - 1) last[1] = page;
    else ranges.push([page, page]);
  }
  const rest = journals.length === 0 ? {} : { journals };
  return JSON.stringify({ format: FORMAT, version: VERSION, pages: ranges, ...rest });
}

function isAscending(ranges: readonly (readonly [number, number])[]): boolean {
  return ranges.every(([from, to], index) => from <= to && from > (ranges[index - 1]?.[1] ?? 0));
}

function isNumberedOn(names: readonly JournalName[]): boolean {
  return names.every(({ number, first }, index) => {
    const before = names[index - 1];
    return !before || (number > before.number && first >= before.first);
  });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
}

/** Says where a document is wrong, never what stands there. */
function parse<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') ?? '';
  throw new TypeError(`${where === '' ? 'the document' : where}: ${issue?.code ?? 'wrong'}`);
}
