import { z } from 'zod';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { range, readHost, readSipUri, readWebSocketUrl, setting } from './config-values.ts';

/** The setting that names the file. */
export const TRUNKS = 'RINGPROOF_TRUNKS';

// A call that was never tried is of trunk `none` in the metrics.
const NAME = /^(?!none$)[\w-]{1,40}$/;
const NAME_WORDS = '1 to 40 letters, digits, _ or -';
const PREFIX_WORDS = 'beginnings such as +44, 10 (of extensions) or sip:';
const PASSWORD_WORDS = '1 to 256 characters';
const VARIABLE_WORDS = 'the name of an environment variable';
const ONE_PASSWORD = 'one of password, passwordEnv and passwordFile';
const WAYS = ['info', 'rfc4733', 'in-band'] as const;
const WAYS_WORDS = `"auto", or a list of ${WAYS.join(', ')}, best first`;

const each = <const Word extends string>(words: readonly [Word, ...Word[]], expected: string) =>
  z
    .array(z.enum(words, expected), expected)
    .min(1, expected)
    .refine((list) => new Set(list).size === list.length, `${expected}, each once`);

const trunk = z
  .strictObject(
    {
      name: z.string(NAME_WORDS).regex(NAME, NAME_WORDS),
      url: setting('a WebSocket address such as wss://pbx.example:8089/ws', readWebSocketUrl),
      uri: setting('an address of record such as sip:ringproof@pbx.example', readSipUri),
      authUser: setting('1 to 128 characters', matching(/^[^\p{Cc}"]{1,128}$/u)).optional(),
      password: setting(PASSWORD_WORDS, matching(/^[^\p{Cc}]{1,256}$/u)).optional(),
      passwordEnv: setting(VARIABLE_WORDS, matching(/^[A-Za-z_]\w{0,99}$/)).optional(),
      passwordFile: z.string('a file').min(1, 'a file').optional(),
      register: z.boolean('true or false').default(true),
      callerId: setting('a number such as +12025550100, or a SIP user name', matching(/^\+?[\w.-]{1,64}$/)).optional(),
      dtlsSetup: z.enum(['active', 'actpass'], 'active or actpass').default('active'),
      codecs: each(['PCMU', 'PCMA'], 'a list of PCMU and PCMA').default(['PCMU', 'PCMA']),
      dtmf: z.union([z.literal('auto'), each(WAYS, WAYS_WORDS)], WAYS_WORDS).default('auto'),
      mediaAddress: setting('an address of this machine', readHost).optional(),
      mediaPorts: range(1024, 65_535).optional(),
      prefixes: z
        .array(z.string(PREFIX_WORDS).regex(/^(\+\d{1,15}|\d{1,15}|sips?:)$/, PREFIX_WORDS), PREFIX_WORDS)
        .min(1, PREFIX_WORDS)
        .optional(),
      maxCalls: z
        .int('a whole number from 1 to 100000')
        .min(1, 'a whole number from 1 to 100000')
        .max(100_000, 'a whole number from 1 to 100000')
        .optional(),
      callsPerSecond: z
        .number('a number from 0.01 to 1000')
        .min(0.01, 'a number from 0.01 to 1000')
        .max(1_000, 'a number from 0.01 to 1000')
        .optional(),
    },
    'an object',
  )
  .refine(({ password, passwordEnv, passwordFile }) => atMostOne(password, passwordEnv, passwordFile), {
    path: ['password'],
    message: ONE_PASSWORD,
  });

const file = z.strictObject(
  {
    trunks: z
      .array(trunk, 'a list of trunks')
      .min(1, 'at least one trunk')
      .refine(haveOwnNames, 'a name of its own for each trunk'),
  },
  'an object with trunks',
);

/** A trunk as the file has it; its password may still have to be fetched from where it is kept. */
export type TrunkEntry = z.output<typeof trunk>;

/** @throws ConfigError that names every wrong field by its trunk; it quotes nothing, since a password may stand in the wrong place */
export function readTrunks(text: string): readonly TrunkEntry[] {
  const json = readJson(text);
  const parsed = file.safeParse(json);
  if (parsed.success) return parsed.data.trunks;
  throw new ConfigError(parsed.error.issues.flatMap((issue) => problemsOf(issue, json)));
}

/** @throws ConfigError */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError([{ name: TRUNKS, expected: 'a JSON file', got: 'something else (not shown)' }]);
  }
}

function problemsOf(issue: z.core.$ZodIssue, json: unknown): readonly ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      name: nameOf([...issue.path, key], json),
      expected: 'no such field',
      got: 'something (not shown)',
    }));
  }
  const got = valueAt(json, issue.path) === undefined ? 'nothing' : 'something else (not shown)';
  return [{ name: nameOf(issue.path, json), expected: issue.message, got }];
}

/** `RINGPROOF_TRUNKS london.uri`; by its place in the list where the trunk has no name that can be read. */
function nameOf(path: readonly PropertyKey[], json: unknown): string {
  const [, index, ...field] = path;
  if (index === undefined) return [TRUNKS, path.join('.')].join(' ').trimEnd();
  const name = valueAt(json, ['trunks', index, 'name']);
  const isReadable = typeof name === 'string' && NAME.test(name);
  return `${TRUNKS} ${[isReadable ? name : `trunks.${String(index)}`, ...field].join('.')}`;
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let value = json;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === String(key))?.[1];
  }
  return value;
}

function matching(pattern: RegExp): (text: string) => string | undefined {
  return (text) => (pattern.test(text) ? text : undefined);
}

function atMostOne(...values: readonly unknown[]): boolean {
  return values.filter((value) => value !== undefined).length <= 1;
}

function haveOwnNames(trunks: readonly { readonly name: string }[]): boolean {
  return new Set(trunks.map(({ name }) => name)).size === trunks.length;
}
