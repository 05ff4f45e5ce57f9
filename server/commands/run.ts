import { ConfigError } from '../config-error.ts';
import { StorageError } from '../storage/storage-error.ts';
import { withoutDigits } from '../log-redaction.ts';
import { GatewayConfigError } from '../telephony/child-process-telephony.ts';
import { VerificationError } from '../verification/errors.ts';
import { help } from './help.ts';
import { findInstallation } from './installation.ts';
import { EXIT_CONFIG, EXIT_FAILURE, StartError, UsageError, type Command, type Terminal } from './terminal.ts';

/**
 * Each is loaded when it is asked for: a web server must not even load the native media code that the phone and the
 * demo need.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start.ts')).start,
  proxy: async () => (await import('./proxy.ts')).proxy,
  verify: async () => (await import('./verify.ts')).verify,
  phone: async () => (await import('./phone.ts')).phone,
  'check-trunk': async () => (await import('./check-trunk.ts')).checkTrunk,
  explain: async () => (await import('./explain.ts')).explain,
  'do-not-call': async () => (await import('./do-not-call.ts')).doNotCall,
  forgive: async () => (await import('./do-not-call.ts')).forgive,
  keys: async () => (await import('./keys.ts')).keys,
  audit: async () => (await import('./audit.ts')).audit,
  erase: async () => (await import('./erase.ts')).erase,
  demo: async () => (await import('./demo.ts')).demo,
  help: async () => help,
};

/** They have so much to say that each has a text of its own. */
const HAS_OWN_HELP: ReadonlySet<string> = new Set(['phone', 'verify']);

/** Runs the command that the arguments name; what goes wrong is said in one way for all of them. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = 'start', ...rest] = args;
  try {
    const asksForHelp = name === '--help' || name === '-h' || (rest.includes('--help') && !HAS_OWN_HELP.has(name));
    if (asksForHelp) return await help([], terminal);
    if (name === '--version' || name === '-v') {
      terminal.stdout.write(`${findInstallation().version}\n`);
      return 0;
    }
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!load) throw new UsageError(`There is no command ${JSON.stringify(name)}`);
    const command = await load();
    return await command(rest, terminal);
  } catch (error) {
    if (!(error instanceof UsageError) && !isParseArgsError(error)) return explain(error, terminal);
    const helpOf = HAS_OWN_HELP.has(name) ? `${name} --help` : 'help';
    terminal.stderr.write(`${withoutAdvice(error.message)}\nringproof ${helpOf} lists what is possible.\n`);
    return EXIT_FAILURE;
  }
}

function explain(error: unknown, { stderr }: Pick<Terminal, 'stderr'>): number {
  if (error instanceof ConfigError || error instanceof GatewayConfigError) {
    stderr.write(`${error.message}\n`);
    return EXIT_CONFIG;
  }
  if (error instanceof StartError) {
    stderr.write(`${error.message}\n`);
    return EXIT_FAILURE;
  }
  if (error instanceof VerificationError && error.cause) return explain(error.cause, { stderr });
  if (error instanceof StorageError) {
    stderr.write(`${error.message} (store_${error.code.replace('-', '_')})\n`);
    return EXIT_FAILURE;
  }
  const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`Ringproof stopped on a fault of its own:\n${withoutDigits(fault)}\n`);
  return EXIT_FAILURE;
}

function isParseArgsError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}

/** Node's advice on an unknown option is for arguments that begin with a dash; none of ours does. */
function withoutAdvice(message: string): string {
  return message.replace(/\. To specify a positional argument .*$/s, '');
}
