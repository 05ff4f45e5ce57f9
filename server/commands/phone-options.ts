import type { PhoneManner } from '../../sip-gateway/phone/phone-call.ts';
import { LOCAL_PROXY_DOMAIN, LOCAL_PROXY_PATH } from '../config.ts';
import { A_NUMBER, onlyOne, portOf, readArguments, shown, wrongArgument } from './arguments.ts';

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

const OPTIONS = {
  url: { type: 'string' },
  domain: { type: 'string' },
  password: { type: 'string' },
  keys: { type: 'string' },
  'key-from-page': { type: 'boolean' },
  dial: { type: 'string' },
  'no-gate': { type: 'boolean' },
  'not-me': { type: 'boolean' },
  extension: { type: 'string' },
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
  const { values, positionals } = readArguments(args, OPTIONS);
  const typed = onlyOne('NUMBER', A_NUMBER, positionals);
  const hangUpAfter = readMs('--hang-up-after', values['hang-up-after']);
  const password = values.password ?? env['RINGPROOF_PROXY_PASSWORD'];
  return {
    phoneNumber: readNumber('NUMBER', typed),
    url: readUrl(values.url ?? `ws://127.0.0.1:${portOf(env)}${LOCAL_PROXY_PATH}`),
    domain: values.domain ?? LOCAL_PROXY_DOMAIN,
    manner: {
      onRing: onRing(values),
      answerAfter: readMs('--answer-after', values['answer-after']) ?? 500,
      passGate: values['no-gate'] !== true,
      keyWay: readWay(values.dtmf ?? 'info'),
      ...(values.dtmf !== undefined && { testWays: [readWay(values.dtmf)] }),
      ...(values['not-me'] === true && { saysNotMe: true }),
      ...(values.extension !== undefined && { extension: readExtension(values.extension) }),
      ...(hangUpAfter !== undefined && { hangUpAfter }),
    },
    codes: readCodes(values.keys),
    ...(values.dial !== undefined && { dial: readNumber('--dial', values.dial) }),
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
  if (more.length > 0) throw wrongArgument('--busy, --reject, --no-answer', 'one of them', `${more.length + 1}`);
  return first ?? 'answer';
}

/** A SIP user name: an E.164 number in any common notation, or an extension. */
function readNumber(name: string, typed: string): string {
  const phoneNumber = typed.replace(/[\s().-]/g, '');
  if (!/^\+?[\w*#]{1,32}$/.test(phoneNumber)) {
    throw wrongArgument(name, A_NUMBER, shown(typed));
  }
  return phoneNumber;
}

function readUrl(typed: string): string {
  if (/^wss?:\/\/[^/]/.test(typed) && URL.canParse(typed)) return typed;
  throw wrongArgument('--url', 'a WebSocket address such as ws://127.0.0.1:3000/sip', shown(typed));
}

function readMs(name: string, typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined;
  if (/^\d{1,7}$/.test(typed)) return Number(typed);
  throw wrongArgument(name, 'milliseconds', shown(typed));
}

function readWay(typed: string): PhoneManner['keyWay'] {
  if (typed === 'info' || typed === 'rfc4733' || typed === 'in-band') return typed;
  throw wrongArgument('--dtmf', 'info, rfc4733 or in-band', shown(typed));
}

function readExtension(typed: string): string {
  if (/^[\d*#A-D]{1,32}$/.test(typed)) return typed;
  throw wrongArgument('--extension', 'keys such as 204', shown(typed));
}

function readCodes(typed: string | undefined): readonly string[] {
  if (typed === undefined) return [];
  const codes = typed.split(',');
  if (codes.every((code) => /^[\d*#A-D]+$/.test(code))) return codes;
  throw wrongArgument('--keys', 'keys such as 123456, or several with commas between', 'something else (not shown)');
}
