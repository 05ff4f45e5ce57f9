import { PromptError } from '../../sip-gateway/prompts/prompt-error.ts';
import { ConfigError } from '../config-error.ts';
import { StorageError } from '../storage/storage-error.ts';
import { withoutDigits } from '../log-redaction.ts';
import { GatewayConfigError } from '../telephony/child-process-telephony.ts';
import { VerificationError } from '../verification/errors.ts';
import { wrongArgument } from './arguments.ts';
import { COMMANDS } from './command-table.ts';
import { entryOf, helpOf, helpOfAll, usageOf } from './help.ts';
import { findInstallation } from './installation.ts';
import { EXIT_CONFIG, EXIT_FAILURE, EXIT_USAGE, StartError, UsageError, type Terminal } from './terminal.ts';

/** Runs the command that the arguments name; what goes wrong is said in one way for all of them. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = 'start', ...rest] = args;
  const { stdout, stderr } = terminal;
  try {
    if (name === '--version' || name === '-v') stdout.write(`${findInstallation().version}\n`);
    else if (isHelp(name) || name === 'help') stdout.write(helpAbout(rest));
    else if (optionsOf(rest).some(isHelp)) stdout.write(helpOf(name));
    else return await (await entryOf(name).load())(rest, terminal);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) return explain(error, terminal);
    const isKnown = Object.hasOwn(COMMANDS, name);
    const help = isKnown ? `${usageOf(name)}\nringproof ${name} --help` : 'ringproof help';
    stderr.write(`${error.message}\n${help} lists what is possible.\n`);
    return EXIT_USAGE;
  }
}

function helpAbout(names: readonly string[]): string {
  const [name, ...more] = names.filter((each) => !isHelp(each));
  if (more.length > 0) throw wrongArgument('COMMAND', 'one command', `${more.length + 1}`);
  return name === undefined ? helpOfAll() : helpOf(name);
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

/** What comes after -- is taken as it is. */
function optionsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
}

function explain(error: unknown, { stderr }: Pick<Terminal, 'stderr'>): number {
  if (error instanceof ConfigError || error instanceof GatewayConfigError || error instanceof PromptError) {
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
