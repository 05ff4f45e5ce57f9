import { pino } from 'pino';
import { withoutDigits } from './log-redaction.ts';

type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Says that something happened: a stable event name such as `gateway.exited`, and flat fields about it. */
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

export interface LogOptions {
  readonly level: LogLevel;
  /** Takes one whole line, newline included. */
  readonly write: (line: string) => void;
  /** For a person at a terminal: words instead of JSON. */
  readonly human?: boolean;
}

/**
 * A log that cannot tell a secret: fields with the name of one are removed (pino's redaction), and digits as many as a
 * code or a telephone number has are masked in every text, however they are grouped.
 */
export function createLog({ level, write, human = false }: LogOptions): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'event',
      redact: { paths: SECRET_FIELDS, censor: '[hidden]' },
    },
    { write: human ? (line) => write(inWords(line)) : write },
  );
  return (lineLevel, event, fields = {}) => {
    const safe = Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' && !isOurs(event, name) ? withoutDigits(value) : value,
    ]);
    logger[lineLevel](Object.fromEntries(safe), event);
  };
}

/** Made by us and nobody's number: ids by which lines are joined, and beginnings that ten thousand numbers share. */
const OURS: ReadonlySet<string> = new Set(['requestId', 'verificationId', 'callId', 'webhook', 'mac', 'prefix']);

/** The Call-ID of a call that we place is random; that of one that came in is its caller’s, and may be a number. */
function isOurs(event: string, field: string): boolean {
  return OURS.has(field) || (event === 'gateway.call.dialed' && field === 'sipCallId');
}

const SECRET_FIELDS = [
  'code',
  'token',
  'to',
  'number',
  'password',
  'secret',
  'key',
  'authorization',
  'digit',
  'gate',
  'extension',
  'receipt',
];

/** What of an error may be logged: its kind and its message, the stack for bugs. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  return { error: error.name, message: error.message, stack: error.stack };
}

function inWords(line: string): string {
  const entry: Record<string, unknown> = JSON.parse(line);
  const { time, level, event, ...fields } = entry;
  const details = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  const clock = String(time).slice(11, 19);
  return `${[clock, String(level).padEnd(5), String(event), ...details].join(' ')}\n`;
}
