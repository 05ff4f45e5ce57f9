import { z } from 'zod';
import { METHODS } from '../verification/call.ts';
import { EXTENSION_WORDS, isExtension } from '../verification/extension.ts';
import type { CheckBody, CreateVerificationBody, ErasureBody } from './contract.ts';
import { Problem, type FieldProblem, type ProblemCode } from './problem.ts';

/** How much a caller may keep with a verification. */
const METADATA = { pairs: 20, keyLength: 40, valueLength: 500 } as const;
/** What a relying party calls its user: an id, never a sentence. */
const MAX_USER_LENGTH = 128;
/** Longer than any number, URI or extension; shorter than an attack on a regular expression. */
const MAX_TO_LENGTH = 256;

const NONCE_WORDS = '8 to 200 visible ASCII characters';
const AMOUNT_WORDS = 'an amount and its ISO 4217 currency such as 49.90 EUR';
const PAYEE_WORDS = '1 to 140 characters';

const DESTINATION = z
  .string('a telephone number such as +12025550123')
  .min(1, 'a telephone number such as +12025550123')
  .max(MAX_TO_LENGTH, `at most ${MAX_TO_LENGTH} characters`);

const CREATE = z
  .strictObject({
    to: DESTINATION,
    method: z.enum(METHODS, METHODS.join(' or ')),
    user: z
      .string('1 to 128 characters')
      .min(1, '1 to 128 characters')
      .max(MAX_USER_LENGTH, '1 to 128 characters')
      .optional(),
    extension: z.string(EXTENSION_WORDS).refine(isExtension, EXTENSION_WORDS).optional(),
    locale: z.string('a language tag such as en').max(35, 'a language tag such as en').optional(),
    metadata: z
      .record(
        z.string().min(1, 'keys of 1 to 40 characters').max(METADATA.keyLength, 'keys of 1 to 40 characters'),
        z.string('a text').max(METADATA.valueLength, `at most ${METADATA.valueLength} characters`),
        'an object of texts',
      )
      .refine((pairs) => Object.keys(pairs).length <= METADATA.pairs, `at most ${METADATA.pairs} pairs`)
      .optional(),
    nonce: z
      .string(NONCE_WORDS)
      .regex(/^[\x21-\x7e]{8,200}$/, NONCE_WORDS)
      .optional(),
    transaction: z
      .strictObject(
        {
          amount: z.string(AMOUNT_WORDS).regex(/^(0|[1-9]\d{0,11})(\.\d{1,3})? [A-Z]{3}$/, AMOUNT_WORDS),
          payee: z.string(PAYEE_WORDS).regex(/^[^\p{Cc}]{1,140}$/u, PAYEE_WORDS),
        },
        'an object with amount and payee',
      )
      .optional(),
    sayWord: z.boolean('true or false').optional(),
  })
  .refine(({ method, extension }) => method !== 'dial-in' || extension === undefined, {
    path: ['extension'],
    error: 'nothing with dial-in, where nobody is called',
  });

/** The fields of a creation. */
export const CREATION_FIELDS: readonly string[] = Object.keys(CREATE.shape);

/** @throws Problem that points at every wrong field. */
export function parseCreate(body: unknown): CreateVerificationBody {
  const { to, method, user, extension, locale, metadata, nonce, transaction, sayWord } = parse(CREATE, body);
  return {
    to,
    method,
    ...(user !== undefined && { user }),
    ...(extension !== undefined && { extension }),
    ...(locale !== undefined && { locale }),
    ...(metadata && { metadata }),
    ...(nonce !== undefined && { nonce }),
    ...(transaction && { transaction }),
    ...(sayWord !== undefined && { sayWord }),
  };
}

/** What it makes throws a Problem; a code of the wrong length costs no attempt, it cannot have been a guess. */
export function checkParser(codeLength: number): (body: unknown) => CheckBody {
  const expected = `a text of ${codeLength} digits`;
  const schema = z.strictObject({ code: z.string(expected).regex(new RegExp(`^\\d{${codeLength}}$`), expected) });
  return (body) => parse(schema, body);
}

/** @throws Problem */
export function parseErasure(body: unknown): ErasureBody {
  return parse(ERASURE, body);
}

/** Calling again takes no parameters; an empty object is harmless. */
export function parseNothing(body: unknown): void {
  if (body !== undefined) parse(NOTHING, body);
}

const NOTHING = z.strictObject({});
const ERASURE = z.strictObject({ to: DESTINATION });

function parse<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => toFieldProblems(issue, body));
  throw new Problem(codeFor(errors, body), { detail: sentence(errors), errors });
}

function toFieldProblems(issue: z.core.$ZodIssue, body: unknown): FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const got = 'a field that the API does not know';
    return issue.keys.map((key) => ({ field: pointer([...issue.path, key]), expected: 'nothing', got }));
  }
  const isWhole = issue.path.length === 0;
  return [
    { field: pointer(issue.path), expected: isWhole ? 'a JSON object' : issue.message, got: kindAt(body, issue.path) },
  ];
}

/** A code of its own for the mistakes that integrators make most; `invalid_request` for all others. */
function codeFor(errors: readonly FieldProblem[], body: unknown): ProblemCode {
  const [only, ...others] = errors;
  const isUnknownMethod =
    others.length === 0 && only?.field === '/method' && typeof valueAt(body, ['method']) === 'string';
  return isUnknownMethod ? 'unknown_method' : 'invalid_request';
}

function sentence(errors: readonly FieldProblem[]): string {
  return errors
    .map(({ field, expected, got }) => `${field || 'The body'}: expected ${expected}, got ${got}.`)
    .join(' ');
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${escaped(key)}`).join('');
}

/** RFC 6901 §3; a key that a stranger chose is cut. */
function escaped(key: PropertyKey): string {
  return String(key).slice(0, METADATA.keyLength).replaceAll('~', '~0').replaceAll('/', '~1');
}

function kindAt(body: unknown, path: readonly PropertyKey[]): string {
  const value = valueAt(body, path);
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let value = body;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Object.entries(value).find(([name]) => name === String(key))?.[1];
  }
  return value;
}
