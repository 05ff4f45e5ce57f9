import { parseArgs } from 'node:util';
import { EXTENSION_WORDS, isExtension } from '../verification/extension.ts';
import type { CreateVerificationBody, MethodName, TransactionView } from '../http/contract.ts';
import { UsageError } from './terminal.ts';

export interface VerifyOptions {
  readonly url: string;
  readonly json: boolean;
  /** What the API is asked for. */
  readonly asked: Readonly<CreateVerificationBody>;
}

export const VERIFY_USAGE = `Usage: ringproof verify NUMBER [options]

  A verification from the terminal: starts it, shows every step, and ends with exit code 0 when the number is verified.
  Ctrl-C cancels it.

  --method NAME         keypad (default): key the code that is shown here on the phone; spoken: type here the code that
                        the phone says; dial-in: call the number that is shown here
  --extension KEYS      keyed to the switchboard that answers, such as 204 or ,,1w204#
  --locale TAG          the language of the call, such as en
  --say-word            draw a word that is shown here and said on the call
  --amount AMOUNT       with --payee: a payment that the call says, such as "49.90 EUR"
  --payee NAME
  --user NAME           your name for the user, who gets only so many calls
  --nonce TEXT          shown back in the receipt; 8 to 200 characters
  --metadata KEY=VALUE  kept and shown back; may be given several times
  --url URL             the server (default: http://127.0.0.1:PORT)
  --json                one JSON object for each state

  RINGPROOF_API_KEY is sent where it is set.
`;

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

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Whatever the server alone can judge, such as a number, is left to it.
 * @throws UsageError that says which argument is wrong, and how it is written.
 */
export function readVerifyOptions(args: readonly string[], env: Env): VerifyOptions {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  const [to, ...others] = positionals;
  if (to === undefined || others.length > 0) throw new UsageError('ringproof verify takes one number');
  const { locale, user, nonce, json } = values;
  const url = values.url ?? `http://127.0.0.1:${env['PORT'] ?? '3000'}`;
  if (!URL.canParse(url)) throw new UsageError('--url is the address of a server, such as http://127.0.0.1:3000');
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
  if (typed === 'keypad' || typed === 'spoken' || typed === 'dial-in') return typed;
  throw new UsageError('--method is keypad, spoken or dial-in');
}

function readExtension(typed: string | undefined, method: MethodName): string | undefined {
  if (typed === undefined) return undefined;
  if (method === 'dial-in') throw new UsageError('--extension cannot go with dial-in, where nobody is called');
  if (isExtension(typed)) return typed;
  throw new UsageError(`--extension takes ${EXTENSION_WORDS}`);
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
  throw new UsageError('--amount and --payee go together, such as --amount "49.90 EUR" --payee Bookshop');
}

function readPair(typed: string): readonly [string, string] {
  const [, key, value] = /^([^=]+)=([^]*)$/.exec(typed) ?? [];
  if (key !== undefined && value !== undefined) return [key, value];
  throw new UsageError('--metadata takes a key and a value, such as --metadata order=A-17');
}
