import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../server/commands/command-table.ts';
import { LOCAL_PROXY_DOMAIN, LOCAL_PROXY_PATH } from '../../../server/config.ts';
import { SCOPES } from '../../../server/relying-parties/relying-parties-file.ts';
import { commandLine } from '../../support/command-line.ts';

const names = Object.keys(COMMANDS);

describe('The help', () => {
  it.each(['help', '--help', '-h'])('of %s names every command and every exit code', async (word) => {
    const { exitCode, out } = await commandLine([word]);
    expect(exitCode).toBe(0);
    for (const name of [...names, 'help', '--version']) expect(out).toContain(`\n  ${name}`);
    expect(out).toContain('0 done, 1 failed, 2 not understood, 78 wrong configuration');
  });

  it.each(names)('of %s is its own, wherever it is asked for', async (name) => {
    const asked = await commandLine([name, '--help']);
    expect(asked).toMatchObject({ exitCode: 0, error: '', out: expect.stringMatching(`^Usage: ringproof ${name}`) });
    for (const args of [
      [name, '-h'],
      ['help', name],
      ['--help', name],
      [name, 'what', '--ever', '--help'],
    ]) {
      expect(await commandLine(args)).toEqual(asked);
    }
  });

  it('fits a terminal', async () => {
    const all = await Promise.all(names.map(async (name) => commandLine([name, '--help'])));
    const longest = Math.max(...all.flatMap(({ out }) => out.split('\n')).map((line) => line.length));
    expect(longest).toBeLessThanOrEqual(120);
  });

  it('has the defaults that the program has', async () => {
    const { out: phone } = await commandLine(['phone', '--help']);
    expect(phone).toContain(LOCAL_PROXY_PATH);
    expect(phone).toContain(LOCAL_PROXY_DOMAIN);
    expect((await commandLine(['keys', '--help'])).out).toContain(SCOPES.join(', '));
  });
});

describe('A command that there is not', () => {
  it.each([[['verfy']], [['verfy', '--help']], [['help', 'verfy']], [['--help', 'verfy']]])(
    'is answered with the nearest one, the list of all, and exit code 2: %j',
    async (args) => {
      const { exitCode, out, error } = await commandLine(args);
      expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
      expect(error).toBe(
        `There is no command "verfy". Did you mean verify?\nThere are: ${[...names, 'help'].join(', ')}\nringproof help lists what is possible.\n`,
      );
    },
  );

  it.each(['dance', 'toString', '__proto__', ''])('is likened to no other where there is none: %j', async (name) => {
    const { exitCode, error } = await commandLine([name]);
    expect(exitCode).toBe(2);
    expect(error).toMatch(`There is no command ${JSON.stringify(name)}.\nThere are: `);
  });
});

describe('Help about more than one command', () => {
  it('is refused with what was expected', async () => {
    const { exitCode, error } = await commandLine(['help', 'phone', 'verify']);
    expect({ exitCode, error }).toMatchObject({ exitCode: 2, error: expect.stringContaining('COMMAND: expected one') });
  });
});
