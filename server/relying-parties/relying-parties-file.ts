import { z } from 'zod';
import { METHODS } from '../verification/call.ts';
import { readHash } from './api-key.ts';

/** What an API key is good for: starting and carrying on verifications, reading them, looking after webhooks. */
export const SCOPES = ['create', 'read', 'operate'] as const;
export type Scope = (typeof SCOPES)[number];

const MAX_PER_HOUR = 1_000_000;
const MIN_WEBHOOK_SECRET = 24;

const hash = z.string('a hash made by: ringproof keys new').transform((text, context) => {
  const digest = readHash(text);
  if (digest) return digest;
  context.issues.push({ code: 'custom', message: 'a hash made by: ringproof keys new', input: text });
  return z.NEVER;
});

const webUrl = z
  .string('an http or https address')
  .refine(isWebUrl, 'an http or https address without user and fragment');

/** As the Standard Webhooks scheme writes it: `whsec_` and base64. */
const webhookSecret = z
  .string('whsec_ and at least 24 bytes in base64')
  .refine(isWebhookSecret, 'whsec_ and at least 24 bytes in base64');

const SECRETS_WORDS = 'whsec_ and at least 24 bytes in base64, or a list of two of them';
/** Two while one is changed for the other. */
const webhookSecrets = z.union([webhookSecret, z.array(webhookSecret).min(1).max(2)], SECRETS_WORDS);

const webhook = z.strictObject({ url: webUrl, secret: webhookSecrets }, 'an object with url and secret');

const key = z.strictObject(
  {
    hash,
    scopes: z.array(z.enum(SCOPES, SCOPES.join(', ')), `a list of ${SCOPES.join(', ')}`).default([...SCOPES]),
  },
  'an object with hash and, where not all, scopes',
);

const relyingParty = z.strictObject(
  {
    id: z.string('1 to 40 letters, digits, _ or -').regex(/^[\w-]{1,40}$/, '1 to 40 letters, digits, _ or -'),
    name: z.string('1 to 60 characters').regex(/^[^\p{Cc}]{1,60}$/u, '1 to 60 characters'),
    keys: z.array(key, 'a list of keys').default([]),
    origins: z.array(z.string('an origin').refine(isOrigin, 'an origin such as https://shop.example')).default([]),
    limits: z
      .strictObject({
        perHour: z.int('a whole number').min(1, 'at least 1').max(MAX_PER_HOUR, `at most ${MAX_PER_HOUR}`).optional(),
        perDay: z.int('a whole number').min(1, 'at least 1').max(MAX_PER_HOUR, `at most ${MAX_PER_HOUR}`).optional(),
      })
      .default({}),
    locales: z.array(z.string(), 'a list of languages').min(1, 'at least one language').optional(),
    methods: z
      .array(z.enum(METHODS, METHODS.join(' or ')))
      .min(1, 'at least one method')
      .optional(),
    trunk: z.string('the name of a trunk').optional(),
    webhook: webhook.optional(),
    preCallHook: webhook.extend({ onFailure: z.enum(['allow', 'deny'], 'allow or deny').default('deny') }).optional(),
  },
  'an object',
);

const file = z
  .strictObject(
    {
      operatorKeys: z.array(hash, 'a list of hashes').default([]),
      parties: z.array(relyingParty, 'a list of relying parties').refine(haveOwnIds, 'an id of its own for each'),
    },
    'an object with parties',
  )
  .refine(haveOwnKeys, 'a key of its own for each relying party and each operator');

export type RelyingParty = z.output<typeof relyingParty>;
export type RelyingPartiesFile = z.output<typeof file>;

/** One field of the file that is wrong; it never quotes what stands there. */
export interface FileProblem {
  readonly field: string;
  readonly expected: string;
}

/** Everything that is wrong at once. */
export class RelyingPartiesError extends Error {
  override readonly name = 'RelyingPartiesError';
  readonly problems: readonly FileProblem[];

  constructor(problems: readonly FileProblem[]) {
    super(problems.map(({ field, expected }) => `${field}: expected ${expected}`).join('; '));
    this.problems = problems;
  }
}

interface ReadOptions {
  /** Whether webhooks may go over http. */
  readonly plainToo?: boolean;
  /** The names that there are; absent: any. */
  readonly trunks?: readonly string[];
}

/** @throws RelyingPartiesError that names every wrong field */
export function readRelyingParties(text: string, { plainToo = true, trunks }: ReadOptions = {}): RelyingPartiesFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RelyingPartiesError([{ field: 'the file', expected: 'JSON' }]);
  }
  const parsed = file.safeParse(json);
  if (parsed.success) {
    const plain = plainToo ? [] : parsed.data.parties.flatMap(plainUrls);
    const problems = [...plain, ...parsed.data.parties.flatMap((party, at) => unknownTrunk(party, at, trunks))];
    if (problems.length > 0) throw new RelyingPartiesError(problems);
    return parsed.data;
  }
  throw new RelyingPartiesError(parsed.error.issues.flatMap(problemsOf));
}

/** Numbers must not cross the Internet in the clear. */
function plainUrls({ webhook: told, preCallHook }: RelyingParty, index: number): readonly FileProblem[] {
  return Object.entries({ webhook: told, preCallHook })
    .filter(([, hook]) => hook?.url.startsWith('http:'))
    .map(([name]) => ({
      field: `parties.${index}.${name}.url`,
      expected: 'an https address (RINGPROOF_INTERNAL_WEBHOOKS=on allows http)',
    }));
}

function unknownTrunk(
  { trunk }: RelyingParty,
  index: number,
  trunks: readonly string[] | undefined,
): readonly FileProblem[] {
  if (trunk === undefined || !trunks || trunks.includes(trunk)) return [];
  return [{ field: `parties.${index}.trunk`, expected: `a trunk that there is (${trunks.join(', ')})` }];
}

function problemsOf(issue: z.core.$ZodIssue): readonly FileProblem[] {
  const field = issue.path.join('.') || 'the file';
  if (issue.code !== 'unrecognized_keys') return [{ field, expected: issue.message }];
  return issue.keys.map((name) => ({ field: [...issue.path, name].join('.'), expected: 'no such field' }));
}

function haveOwnIds(parties: readonly { readonly id: string }[]): boolean {
  return new Set(parties.map(({ id }) => id)).size === parties.length;
}

/** A key that opens two doors would open the one for who was to have the other. */
function haveOwnKeys({ operatorKeys, parties }: Keyholders): boolean {
  const digests = [...operatorKeys, ...parties.flatMap(({ keys }) => keys.map(({ hash: digest }) => digest))];
  return new Set(digests.map((digest) => digest.toString('hex'))).size === digests.length;
}

interface Keyholders {
  readonly operatorKeys: readonly Buffer[];
  readonly parties: readonly { readonly keys: readonly { readonly hash: Buffer }[] }[];
}

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash: fragment } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '' && fragment === '';
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text;
}

function isWebhookSecret(text: string): boolean {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  return base64 !== undefined && Buffer.from(base64, 'base64').length >= MIN_WEBHOOK_SECRET;
}
