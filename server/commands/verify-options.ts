import { METHODS } from '../verification/call.ts';
import { EXTENSION_WORDS, isExtension } from '../verification/extension.ts';
import type { CreateVerificationBody, MethodName, TransactionView } from '../http/contract.ts';
import { A_NUMBER, onlyOne, portOf, readArguments, shown, wrongArgument } from './arguments.ts';

export interface VerifyOptions {
  readonly url: string;
  readonly json: boolean;
  /** What the API is asked for. */
  readonly asked: Readonly<CreateVerificationBody>;
}

const OPTIONS = {
  method: { type: 'string', default: 'keypad' },
  extension: { type: 'string' },
  locale: { type: 'string' },
  'say-word': { type: 'boolean', default: false },
  amount: { type: 'string' },
  payee: { type: 'string' },
  user: { type: 'string' },
  nonce: { type: 'string' },
  metadata: { type: 'string', multiple: true },
  url: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

const NOWHERE = { protocol: '', username: '', password: '' };

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Whatever the server alone can judge, such as a number, is left to it.
 * @throws UsageError that says which argument is wrong, and how it is written.
 */
export function readVerifyOptions(args: readonly string[], env: Env): VerifyOptions {
  const { values, positionals } = readArguments(args, OPTIONS);
  const to = onlyOne('NUMBER', A_NUMBER, positionals);
  const { locale, user, nonce, json } = values;
  const url = values.url ?? `http://127.0.0.1:${portOf(env)}`;
  const { protocol, username, password } = URL.canParse(url) ? new URL(url) : NOWHERE;
  const hasLogin = username !== '' || password !== '';
  if (hasLogin || (protocol !== 'http:' && protocol !== 'https:')) {
    const expected = 'the address of a server without user and password, such as http://127.0.0.1:3000';
    throw wrongArgument('--url', expected, hasLogin ? 'one with them (not shown)' : shown(url));
  }
  const method = readMethod(values.method);
  const extension = readExtension(values.extension, method);
  const transaction = readTransaction(values);
  const metadata = values.metadata && Object.fromEntries(values.metadata.map(readPair));
  const asked = {
    to,
    method,
    ...(extension !== undefined && { extension }),
    ...(locale !== undefined && { locale }),
    ...(values['say-word'] && { sayWord: true }),
    ...(transaction && { transaction }),
    ...(user !== undefined && { user }),
    ...(nonce !== undefined && { nonce }),
    ...(metadata && { metadata }),
  };
  return { url, json, asked };
}

function readMethod(typed: string): MethodName {
  const method = METHODS.find((each) => each === typed);
  if (method) return method;
  throw wrongArgument('--method', 'keypad, spoken or dial-in', shown(typed));
}

function readExtension(typed: string | undefined, method: MethodName): string | undefined {
  if (typed === undefined) return undefined;
  if (method === 'dial-in') throw wrongArgument('--extension', 'nothing with dial-in, where nobody is called', 'keys');
  if (isExtension(typed)) return typed;
  throw wrongArgument('--extension', EXTENSION_WORDS, shown(typed));
}

function readTransaction({
  amount,
  payee,
}: {
  amount?: string | undefined;
  payee?: string | undefined;
}): TransactionView | undefined {
  if (amount === undefined && payee === undefined) return undefined;
  if (amount !== undefined && payee !== undefined) return { amount, payee };
  const [given, missing] = amount === undefined ? ['--payee', '--amount'] : ['--amount', '--payee'];
  throw wrongArgument(missing, `a value with ${given}, such as --amount "49.90 EUR" --payee Bookshop`, 'nothing');
}

function readPair(typed: string): readonly [string, string] {
  const [, key, value] = /^([^=]+)=([^]*)$/.exec(typed) ?? [];
  if (key !== undefined && value !== undefined) return [key, value];
  throw wrongArgument('--metadata', 'a key and a value, such as order=A-17', shown(typed));
}
