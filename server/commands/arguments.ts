import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './terminal.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

interface Strict<T extends Options> {
  args: string[];
  options: T;
  allowPositionals: true;
  strict: true;
  tokens: true;
}

/** The arguments of a command. @throws UsageError for an option that is not one of them, or comes twice */
export function readArguments<const T extends Options>(args: readonly string[], options: T) {
  const { values, positionals, tokens } = parsed<T>({
    args: [...args],
    options,
    allowPositionals: true,
    strict: true,
    tokens: true,
  });
  const named = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
  const twice = named.find((name, at) => options[name]?.multiple !== true && named.indexOf(name) !== at);
  if (twice !== undefined) throw wrongArgument(`--${twice}`, 'it once', 'it twice');
  return { values, positionals };
}

function parsed<T extends Options>(config: Strict<T>) {
  try {
    return parseArgs(config);
  } catch (error) {
    const code = error instanceof TypeError && 'code' in error ? String(error.code) : '';
    if (!(error instanceof TypeError) || !code.startsWith('ERR_PARSE_ARGS_')) throw error;
    // Node's advice on what begins with a dash is for arguments that do; none of ours does.
    const [fault = ''] = error.message.split(/\. To specify a positional argument |\n/);
    throw new UsageError(fault);
  }
}

/** What NUMBER stands for. */
export const A_NUMBER = 'one number, such as +12025550123';

/** Of a command that does several things: none of them was named. */
export function wrongAction(expected: string, typed: string): UsageError {
  return wrongArgument('The word after the command', expected, typed === '' ? 'nothing' : shown(typed));
}

/** The one argument of a command that takes one. @throws UsageError */
export function onlyOne(name: string, expected: string, positionals: readonly string[]): string {
  const [typed, ...more] = positionals;
  if (typed === undefined) throw wrongArgument(name, expected, 'nothing');
  if (more.length === 0) return typed;
  throw wrongArgument(name, `${expected}, in quotes where it has spaces`, `${positionals.length} arguments`);
}

/** @throws UsageError */
export function nothingMore(positionals: readonly string[]): void {
  if (positionals.length > 0) throw wrongArgument('Arguments', 'none beside options', `${positionals.length}`);
}

/** What a command was given that it cannot take; like the configuration's own: which, what was expected, what came. */
export function wrongArgument(name: string, expected: string, got: string): UsageError {
  return new UsageError(`${name}: expected ${expected}; got ${got}`);
}

/** Where the server of this machine answers, with the same environment. @throws UsageError */
export function portOf({ PORT = '' }: Readonly<Record<string, string | undefined>>): string {
  if (PORT === '') return '3000';
  if (/^[1-9]\d{0,4}$/.test(PORT) && Number(PORT) <= 65_535) return PORT;
  throw wrongArgument('PORT', 'the server’s port in the environment, or --url', shown(PORT));
}

const SHOWN = 80;

/** What was typed, and not all of a page that somebody pasted. */
export function shown(typed: string): string {
  return JSON.stringify(typed.length > SHOWN ? `${typed.slice(0, SHOWN)}…` : typed);
}
