import { parseArgs } from 'node:util';
import type { PhoneManner } from '../../sip-gateway/phone/phone-call.ts';
import { LOCAL_PROXY_DOMAIN, LOCAL_PROXY_PATH } from '../config.ts';
import { UsageError } from './terminal.ts';

export interface PhoneOptions {
  readonly phoneNumber: string;
  readonly url: string;
  readonly domain: string;
  readonly password?: string;
  readonly manner: Omit<PhoneManner, 'codeFor' | 'testWays'> & Partial<Pick<PhoneManner, 'testWays'>>;
  /** The codes to key, one for each time the phone is asked. */
  readonly codes: readonly string[];
  readonly keyFromPage: boolean;
  /** A number that the phone calls, once it is registered. */
  readonly dial?: string;
  /** The packs to recognise; all there are when absent. */
  readonly locales?: readonly string[];
  readonly once: boolean;
  readonly json: boolean;
}

export const PHONE_USAGE = `Usage: ringproof phone NUMBER [options]

  A headless phone for testers. It registers on a SIP-over-WebSocket proxy, answers with real media, says what it
  hears, and keys the digit of the gate and the code it is told.

  --url URL             the proxy (default: ws://127.0.0.1:PORT${LOCAL_PROXY_PATH})
  --domain NAME         the SIP domain (default: ${LOCAL_PROXY_DOMAIN})
  --password WORD       for proxies that ask for one (default: RINGPROOF_PROXY_PASSWORD)
  --keys CODE[,CODE]    what to key when asked for a code, the first time and the next ones
  --key-from-page       key what you type here: the code that the page shows
  --dial NUMBER         call this number, such as the one that the page shows for dial-in
  --no-gate             do not press the digit that the gate asks for
  --dtmf WAY            how keys are sent: info (default), rfc4733, or in-band; the test call of "ringproof check-trunk"
                        is answered in all three ways without it
  --answer-after MS     how long it rings (default: 500)
  --hang-up-after MS    hang up so long after the answer
  --busy | --reject | --no-answer
  --locale en,zh        the languages to recognise (default: all)
  --once                end after one call; exit code 0 if the phone did there what it was told
  --json                one JSON object for each event

  While a call is up, digits typed here are keyed at once; "h" hangs up. Ctrl-C unregisters and ends.
`;

const OPTIONS = {
  url: { type: 'string' },
  domain: { type: 'string' },
  password: { type: 'string' },
  keys: { type: 'string' },
  'key-from-page': { type: 'boolean' },
  dial: { type: 'string' },
  'no-gate': { type: 'boolean' },
  dtmf: { type: 'string' },
  'answer-after': { type: 'string' },
  'hang-up-after': { type: 'string' },
  busy: { type: 'boolean' },
  reject: { type: 'boolean' },
  'no-answer': { type: 'boolean' },
  locale: { type: 'string' },
  once: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

type Env = Readonly<Record<string, string | undefined>>;

/** @throws UsageError that says which argument is wrong, and how it is written. */
export function readPhoneOptions(args: readonly string[], env: Env): PhoneOptions {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [typed, ...more] = positionals;
  if (typed === undefined || more.length > 0) {
    throw new UsageError('ringproof phone takes one number, such as +12025550123');
  }
  const hangUpAfter = readMs('--hang-up-after', values['hang-up-after']);
  const password = values.password ?? env['RINGPROOF_PROXY_PASSWORD'];
  return {
    phoneNumber: readNumber(typed),
    url: readUrl(values.url ?? `ws://127.0.0.1:${env['PORT'] ?? 3000}${LOCAL_PROXY_PATH}`),
    domain: values.domain ?? LOCAL_PROXY_DOMAIN,
    manner: {
      onRing: onRing(values),
      answerAfter: readMs('--answer-after', values['answer-after']) ?? 500,
      passGate: values['no-gate'] !== true,
      keyWay: readWay(values.dtmf ?? 'info'),
      ...(values.dtmf !== undefined && { testWays: [readWay(values.dtmf)] }),
      ...(hangUpAfter !== undefined && { hangUpAfter }),
    },
    codes: readCodes(values.keys),
    ...(values.dial !== undefined && { dial: readNumber(values.dial) }),
    keyFromPage: values['key-from-page'] === true,
    once: values.once === true,
    json: values.json === true,
    ...(password !== undefined && password !== '' && { password }),
    ...(values.locale !== undefined && { locales: values.locale.split(',') }),
  };
}

function onRing(values: { busy?: boolean; reject?: boolean; 'no-answer'?: boolean }): PhoneManner['onRing'] {
  const chosen = [values.busy && 'busy', values.reject && 'reject', values['no-answer'] && 'ignore'] as const;
  const [first, ...more] = chosen.filter((one) => typeof one === 'string');
  if (more.length > 0) throw new UsageError('--busy, --reject and --no-answer exclude each other');
  return first ?? 'answer';
}

/** A SIP user name: an E.164 number in any common notation, or an extension. */
function readNumber(typed: string): string {
  const phoneNumber = typed.replace(/[\s().-]/g, '');
  if (!/^\+?[\w*#]{1,32}$/.test(phoneNumber)) {
    throw new UsageError(`${JSON.stringify(typed)} is not a number such as +12025550123`);
  }
  return phoneNumber;
}

function readUrl(typed: string): string {
  if (/^wss?:\/\/[^/]/.test(typed) && URL.canParse(typed)) return typed;
  throw new UsageError(`--url takes a WebSocket address such as ws://127.0.0.1:3000/sip, not ${JSON.stringify(typed)}`);
}

function readMs(name: string, typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined;
  if (/^\d{1,7}$/.test(typed)) return Number(typed);
  throw new UsageError(`${name} takes milliseconds, not ${JSON.stringify(typed)}`);
}

function readWay(typed: string): PhoneManner['keyWay'] {
  if (typed === 'info' || typed === 'rfc4733' || typed === 'in-band') return typed;
  throw new UsageError(`--dtmf takes info, rfc4733 or in-band, not ${JSON.stringify(typed)}`);
}

function readCodes(typed: string | undefined): readonly string[] {
  if (typed === undefined) return [];
  const codes = typed.split(',');
  if (codes.every((code) => /^[\d*#A-D]+$/.test(code))) return codes;
  throw new UsageError(`--keys takes keys such as 123456, or several with commas between`);
}
