import { z } from 'zod';
import { DEFAULT_BREAKER } from './rules/breaker.ts';
import { isLoopback } from './loopback.ts';
import { DEFAULT_LIMITS, readWindows } from './rules/call-limits.ts';
import { NUMBER_TYPES, REFUSED_TYPES } from './rules/number-types.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { readApiKey } from './config-api-keys.ts';
import { VALIDATION_POLICIES } from './verification/caller.ts';
import { readMicros, readNumberTypes, readTrustedProxies } from './config-rules.ts';
import {
  country,
  duration,
  listOf,
  oneOf,
  onOff,
  range,
  readCountry,
  readDtmf,
  readHost,
  readHostAndPort,
  readOrigin,
  readSipUri,
  readWebSocketUrl,
  setting,
  wholeNumber,
} from './config-values.ts';

/** The domain of the built-in proxy: the agent and the testers' phones register under it. */
export const LOCAL_PROXY_DOMAIN = 'ringproof.local';
/** Where the built-in proxy answers on the web server's port. */
export const LOCAL_PROXY_PATH = '/sip';
/** What testers call, of the numbers that are kept for stories (NANP 555-01xx). */
const LOCAL_DIAL_IN_NUMBER = '+12025550199';
/** The languages of our own prompt packs. */
export const LOCALES = ['de', 'en', 'es', 'fr', 'pt', 'zh'] as const;

/** A shorter secret could be found by trying; 32 characters of a password manager are more than 128 bits. */
const MIN_SECRET_LENGTH = 32;

/** Read by `ringproof verify`, which is a relying party, not by the server. */
export const CLIENT_KEY = 'RINGPROOF_API_KEY';

const text = (expected: string, pattern: RegExp) =>
  setting(expected, (value) => (pattern.test(value) ? value : undefined));

const windows = setting('calls in a time, such as 3/10m 5/1h 10/1d', readWindows);
const money = setting("an amount in the rate deck's currency, such as 25 or 7.50", readMicros);

const SETTINGS = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: setting('an address or host name to listen on', readHost).default('127.0.0.1'),
  RINGPROOF_STORE: text('lowdb:<file> or memory:', /^(lowdb:.+|memory:)$/).default('lowdb:./data/ringproof.json'),
  RINGPROOF_SECRET: text(
    `at least ${MIN_SECRET_LENGTH} characters`,
    new RegExp(`^.{${MIN_SECRET_LENGTH},}$`, 's'),
  ).optional(),
  RINGPROOF_API_KEYS: listOf('a list of name:key or key, each key at least 16 characters', readApiKey).default([]),
  RINGPROOF_ISSUER: text('1 to 200 visible ASCII characters', /^[\x21-\x7e]{1,200}$/).default('urn:ringproof'),
  RINGPROOF_RELYING_PARTIES: text('a file', /./).optional(),
  RINGPROOF_INTERNAL_WEBHOOKS: onOff.default(false),
  RINGPROOF_OPEN_CREATE: onOff.optional(),
  RINGPROOF_ORIGINS: listOf('a list of origins such as https://shop.example', readOrigin).default([]),
  RINGPROOF_METRICS_TOKEN: text('16 to 256 visible ASCII characters', /^[\x21-\x7e]{16,256}$/).optional(),
  RINGPROOF_AUDIT: onOff.default(true),
  RINGPROOF_AUDIT_RETENTION: duration('1d', '3650d').default(90 * 24 * 3_600_000),
  RINGPROOF_LOG_LEVEL: oneOf('debug', 'info', 'warn', 'error').default('info'),

  RINGPROOF_OPERATOR_NAME: text('1 to 60 characters', /^[^\p{Cc}]{1,60}$/u).default('Ringproof'),
  RINGPROOF_DEFAULT_COUNTRY: country.default('US'),
  RINGPROOF_LOCALE: text('a language tag such as en', /^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/).default('en'),
  RINGPROOF_PROMPTS_DIR: text('a folder', /./).optional(),
  RINGPROOF_SPEECH_COMMAND: text(
    'a command such as espeak-ng -b 1 -v {locale} -w {file} {text}, each quote with its second',
    /^(?=.*\S)(?:[^"']|"[^"]*"|'[^']*')+$/,
  ).optional(),

  RINGPROOF_COUNTRIES: listOf('a list of ISO 3166 countries such as US,CA', readCountry).optional(),
  RINGPROOF_SIP_DOMAINS: listOf('a list of host names, each with a port where it needs one', readHostAndPort).default(
    [],
  ),
  RINGPROOF_EXTENSIONS: range(1, 15).optional(),

  RINGPROOF_REFUSED_TYPES: setting(
    `none, or a list of ${Object.keys(NUMBER_TYPES).join(', ')}`,
    readNumberTypes,
  ).default(REFUSED_TYPES),
  RINGPROOF_NUMBER_LIST: text('a file of "allow" and "block" lines', /./).optional(),
  RINGPROOF_LIMITS: onOff.optional(),
  RINGPROOF_LIMIT_NUMBER: windows.default(DEFAULT_LIMITS.number),
  RINGPROOF_LIMIT_USER: windows.default(DEFAULT_LIMITS.user),
  RINGPROOF_LIMIT_ADDRESS: windows.default(DEFAULT_LIMITS.address),
  RINGPROOF_LIMIT_RANGE: windows.default(DEFAULT_LIMITS.range),
  RINGPROOF_LIMIT_GATEWAY: windows.default(DEFAULT_LIMITS.gateway),
  RINGPROOF_LIMIT_CALLER: windows.default(DEFAULT_LIMITS.caller),
  RINGPROOF_MAX_CALLS: wholeNumber(1, 100_000).default(DEFAULT_LIMITS.concurrent),
  RINGPROOF_RATE_DECK: text('a CSV file of prefix,price per minute,currency', /./).optional(),
  RINGPROOF_COST_PER_DAY: money.optional(),
  RINGPROOF_COST_PER_PREFIX: money.optional(),
  RINGPROOF_MIN_VERIFIED: wholeNumber(0, 90).default(DEFAULT_BREAKER.threshold * 100),
  RINGPROOF_TRUSTED_PROXIES: setting(
    'the number of proxies in front of this server, or a list of their addresses and networks (10.0.0.0/8)',
    readTrustedProxies,
  ).default({ hops: 0 }),

  RINGPROOF_TRUNKS: text('a file', /./).optional(),
  RINGPROOF_SIP_URL: setting('a WebSocket address such as wss://pbx.example:8089/ws', readWebSocketUrl).optional(),
  RINGPROOF_SIP_URI: setting('an address of record such as sip:ringproof@pbx.example', readSipUri).optional(),
  RINGPROOF_SIP_AUTH_USER: text('1 to 128 characters', /^[^\p{Cc}"]{1,128}$/u).optional(),
  RINGPROOF_SIP_PASSWORD: text('1 to 256 characters', /^[^\p{Cc}]{1,256}$/u).optional(),
  RINGPROOF_SIP_REGISTER: onOff.default(true),
  RINGPROOF_CALLER_ID: text('a number such as +12025550100, or a SIP user name', /^\+?[\w.-]{1,64}$/).optional(),
  RINGPROOF_DTLS_SETUP: oneOf('active', 'actpass').default('active'),
  RINGPROOF_CODECS: listOf('a list of PCMU and PCMA', readCodec).default(['PCMU', 'PCMA']),
  RINGPROOF_DTMF: setting('auto, or a list of info, rfc4733 and in-band, best first', readDtmf).default('auto'),
  RINGPROOF_MEDIA_ADDRESS: setting('an address of this machine', readHost).optional(),
  RINGPROOF_MEDIA_PORTS: range(1024, 65_535).optional(),

  RINGPROOF_DIAL_IN_NUMBER: setting('a number such as +12025550199, or off', readDialIn).optional(),
  RINGPROOF_DIAL_IN_CALLS: wholeNumber(1, 10_000).default(20),
  RINGPROOF_DIAL_IN_VERSTAT: oneOf(...VALIDATION_POLICIES).default('refuse-failed'),
  RINGPROOF_DIAL_IN_TRUST: onOff.optional(),

  RINGPROOF_PROXY: oneOf('loopback', 'open', 'off').optional(),
  RINGPROOF_PROXY_PASSWORD: text('8 to 256 characters', /^[^\p{Cc}]{8,256}$/u).optional(),

  RINGPROOF_GATE: onOff.default(true),
  RINGPROOF_GATE_DIGITS: wholeNumber(1, 4).default(1),
  RINGPROOF_REPORT_KEY: text('a digit, or off', /^(\d|off)$/).default('9'),
  RINGPROOF_CODE_LENGTH: wholeNumber(6, 10).default(6),
  RINGPROOF_CODE_TTL: duration('30s', '600s').default(600_000),
  RINGPROOF_RING_TIMEOUT: duration('5s', '180s').default(40_000),
  RINGPROOF_EXTENSION_WAIT: duration('0s', '30s').default(3_000),
  RINGPROOF_CALL_TIMEOUT: duration('15s', '600s').default(120_000),
  RINGPROOF_RETENTION: duration('1m', '365d').default(24 * 3_600_000),
});

/** The settings of one server, read and checked; times in milliseconds. */
export type Settings = z.output<typeof SETTINGS>;
type SettingName = keyof typeof SETTINGS.shape;

export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS.shape);

type Env = Readonly<Record<string, string | undefined>>;

const SECRETS: readonly SettingName[] = [
  'RINGPROOF_SECRET',
  'RINGPROOF_API_KEYS',
  'RINGPROOF_METRICS_TOKEN',
  'RINGPROOF_SIP_PASSWORD',
  'RINGPROOF_PROXY_PASSWORD',
];

/**
 * Reads the environment. An empty variable counts as absent, as container tools write it.
 * @throws ConfigError that names every wrong variable.
 */
export function readSettings(env: Env): Settings {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = SETTINGS.safeParse(present);
  const problems = [
    ...(result.error?.issues ?? []).map((issue) => toProblem(issue, present)),
    ...contradictions(present),
  ];
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return result.data;
}

/** Who may use the built-in proxy. It is for testers: with a real gateway it stays off unless asked for. */
export function proxyAccess(settings: Settings): 'loopback' | 'open' | 'off' {
  return settings.RINGPROOF_PROXY ?? (hasGateway(settings) ? 'off' : 'loopback');
}

/** Whether calls go to the telephone network, and not only to testers on the built-in proxy. */
export function hasGateway(settings: Pick<Settings, 'RINGPROOF_SIP_URL' | 'RINGPROOF_TRUNKS'>): boolean {
  return settings.RINGPROOF_SIP_URL !== undefined || settings.RINGPROOF_TRUNKS !== undefined;
}

/** The number that people call to verify theirs; undefined when nobody can. */
export function dialInNumber(settings: Settings): string | undefined {
  const number = settings.RINGPROOF_DIAL_IN_NUMBER;
  if (number === 'off') return undefined;
  return number ?? (hasGateway(settings) ? undefined : LOCAL_DIAL_IN_NUMBER);
}

/** Whether calls and wrong codes are counted. Testers call one number all day, and on their own machine nobody minds. */
export function limitsAreOn(settings: Settings): boolean {
  return settings.RINGPROOF_LIMITS ?? !isTestBed(settings);
}

/** No gateway, or one on this very machine, and a server that nothing but this machine reaches: no visitor is far away. */
function isTestBed(settings: Settings): boolean {
  const { RINGPROOF_SIP_URL: trunk, RINGPROOF_TRUSTED_PROXIES: proxies, HOST } = settings;
  if (trunk === undefined) return !hasGateway(settings);
  const hasProxies = 'networks' in proxies || proxies.hops > 0;
  return isLoopback(new URL(trunk).hostname) && isLoopback(HOST) && !hasProxies;
}

/** Names that look like ours and are not: a typing mistake would otherwise be a default in silence. */
export function unknownSettings(env: Env): readonly string[] {
  return Object.keys(env).filter(
    (name) => name.startsWith('RINGPROOF_') && !SETTING_NAMES.includes(name) && name !== CLIENT_KEY,
  );
}

/** What belongs to the one trunk that the environment can describe. */
const ONE_TRUNK: readonly SettingName[] = [
  'RINGPROOF_SIP_URL',
  'RINGPROOF_SIP_URI',
  'RINGPROOF_SIP_AUTH_USER',
  'RINGPROOF_SIP_PASSWORD',
  'RINGPROOF_SIP_REGISTER',
  'RINGPROOF_CALLER_ID',
  'RINGPROOF_DTLS_SETUP',
  'RINGPROOF_CODECS',
  'RINGPROOF_DTMF',
  'RINGPROOF_MEDIA_ADDRESS',
  'RINGPROOF_MEDIA_PORTS',
];
const WHY_COUNTRIES = 'such as US,CA (calls cost money, and fraud rings far away)';

/** What no single variable shows: settings that need or exclude each other. */
function contradictions(env: Env): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const missing = (name: SettingName, expected: string) => {
    if (env[name] === undefined) problems.push({ name, expected, got: 'nothing' });
  };
  if (env['RINGPROOF_TRUNKS'] !== undefined) {
    for (const name of ONE_TRUNK) {
      if (env[name] === undefined) continue;
      problems.push({ name, expected: 'nothing, as RINGPROOF_TRUNKS says it for each trunk', got: 'a value' });
    }
    missing('RINGPROOF_COUNTRIES', `the countries that may be rung through RINGPROOF_TRUNKS, ${WHY_COUNTRIES}`);
  } else if (env['RINGPROOF_SIP_URL'] !== undefined) {
    missing('RINGPROOF_SIP_URI', 'our address on the gateway of RINGPROOF_SIP_URL, such as sip:ringproof@pbx.example');
    missing('RINGPROOF_COUNTRIES', `the countries that may be rung through RINGPROOF_SIP_URL, ${WHY_COUNTRIES}`);
  } else if (env['RINGPROOF_PROXY'] === 'off') {
    missing('RINGPROOF_SIP_URL', 'a gateway, as RINGPROOF_PROXY=off leaves nothing to call through');
  }
  if (env['RINGPROOF_COST_PER_DAY'] !== undefined || env['RINGPROOF_COST_PER_PREFIX'] !== undefined) {
    missing('RINGPROOF_RATE_DECK', 'a rate deck, as without prices there is no cost to cap');
  }
  return problems;
}

function toProblem(issue: z.core.$ZodIssue, env: Env): ConfigProblem {
  const name = String(issue.path[0]);
  const value = env[name] ?? '';
  const isSecret = SECRETS.some((secret) => secret === name);
  const got = isSecret ? `${value.length} characters (not shown)` : JSON.stringify(withoutLogin(value));
  return { name, expected: issue.message, got };
}

/** Addresses are not written with a password in them, but some are. */
function withoutLogin(value: string): string {
  return value.replaceAll(/\/\/[^/\s]*@/g, '//(not shown)@');
}

function readDialIn(value: string): string | undefined {
  if (value.toLowerCase() === 'off') return 'off';
  return /^\+[1-9]\d{6,14}$/.test(value) ? value : undefined;
}

function readCodec(part: string): 'PCMU' | 'PCMA' | undefined {
  const name = part.toUpperCase();
  return name === 'PCMU' || name === 'PCMA' ? name : undefined;
}
