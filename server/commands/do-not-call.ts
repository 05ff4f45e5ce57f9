import { ConfigError } from '../config-error.ts';
import { readSettings } from '../config.ts';
import { NumberRegister } from '../rules/number-register.ts';
import { KeyedHash } from '../verification/keyed-hash.ts';
import { A_NUMBER, nothingMore, onlyOne, readArguments, wrongAction } from './arguments.ts';
import { readNumber } from './number-plan.ts';
import { openRuleFiles } from './rules.ts';
import { keptSecret } from './storage.ts';
import type { Command, Terminal } from './terminal.ts';

/** `ringproof do-not-call list | add NUMBER | remove NUMBER`; a server that runs takes it up at its next call. */
export const doNotCall: Command = async (args, terminal) => {
  const [action = '', ...rest] = readArguments(args, {}).positionals;
  if (action === 'list') nothingMore(rest);
  else if (action !== 'add' && action !== 'remove') throw wrongAction('list, add or remove', action);
  const typed = action === 'list' ? '' : onlyOne('NUMBER', A_NUMBER, rest);
  return withRegister(terminal, async (register, normalise) => {
    if (action === 'add') await register.add(normalise(typed), 'operator');
    if (action === 'remove') await register.remove(normalise(typed));
    await register.refresh();
    for (const { shown, why, at } of register.entries) {
      terminal.stdout.write(`${shown.padEnd(10)} ${why.padEnd(10)} ${new Date(at).toISOString()}\n`);
    }
    if (register.entries.length === 0) terminal.stdout.write('The do-not-call list is empty.\n');
  });
};

/** `ringproof forgive NUMBER`: its wrong codes are forgotten. */
export const forgive: Command = async (args, terminal) => {
  const typed = onlyOne('NUMBER', A_NUMBER, readArguments(args, {}).positionals);
  return withRegister(terminal, async (register, normalise) => {
    await register.forgive(normalise(typed));
    terminal.stdout.write('The wrong codes of this number are forgotten.\n');
  });
};

async function withRegister(
  { env }: Terminal,
  work: (register: NumberRegister, normalise: (typed: string) => string) => Promise<void>,
): Promise<number> {
  const settings = readSettings(env);
  if (settings.RINGPROOF_STORE === 'memory:') {
    const expected = 'the store of the server, as a list in memory ends with this command';
    throw new ConfigError([{ name: 'RINGPROOF_STORE', expected, got: '"memory:"' }]);
  }
  const secret = await keptSecret(settings);
  const { ledger, lines } = openRuleFiles(settings);
  try {
    const register = new NumberRegister({ lines, hash: new KeyedHash(secret), now: Date.now });
    await register.refresh();
    await work(register, (typed) => readNumber(typed, settings));
    return 0;
  } finally {
    await lines.close();
    await ledger.close();
  }
}
