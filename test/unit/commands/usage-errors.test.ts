import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../server/commands/command-table.ts';
import { commandLine } from '../../support/command-line.ts';

/** Whatever a command line says, nothing may be begun where these are wrong. */
async function refusal(line: string): Promise<string> {
  const { exitCode, out, error } = await commandLine(line.split(' '), { RINGPROOF_STORE: 'memory:' });
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  return error;
}

describe('A command line that is mistyped', () => {
  it('is answered with what is wrong, how the command is typed, and where more stands', async () => {
    expect(await refusal('explain --jsn')).toBe(
      "Unknown option '--jsn'\nUsage: ringproof explain NUMBER\nringproof explain --help lists what is possible.\n",
    );
  });

  it.each(Object.keys(COMMANDS))('is refused by %s for an option that it has not', async (name) => {
    expect(await refusal(`${name} --dance`)).toContain("Unknown option '--dance'");
  });

  it.each([
    ['start now', 'Arguments: expected none beside options; got 1'],
    ['proxy now', 'Arguments: expected none beside options; got 1'],
    ['demo now', 'Arguments: expected none beside options; got 1'],
    ['demo --locale xx', '--locale: expected one of de, en, es, fr, pt, zh; got "xx"'],
    ['demo --locale', "Option '--locale <value>' argument missing"],
    ['demo --json=yes', "Option '--json' does not take an argument"],
    ['demo --json --json', '--json: expected it once; got it twice'],
    ['phone', 'NUMBER: expected one number, such as +12025550123; got nothing'],
    ['verify +1 202 555 0123', 'in quotes where it has spaces; got 4 arguments'],
    ['verify 1001 --method keypad --method spoken', '--method: expected it once; got it twice'],
    ['verify 1001 --url --json', "Option '--url' argument is ambiguous"],
    ['explain', 'NUMBER: expected one number, such as +12025550123; got nothing'],
    ['forgive 1001 1002', 'got 2 arguments'],
    ['erase', 'NUMBER: expected'],
    ['check-trunk', 'NAME: expected the name of a trunk; got nothing'],
    ['check-trunk local', 'NUMBER: expected'],
    ['check-trunk london 1001', 'NAME: expected a trunk that there is (local); got "london"'],
    ['do-not-call', 'expected list, add or remove; got nothing'],
    ['do-not-call show', 'expected list, add or remove; got "show"'],
    ['do-not-call list 1001', 'Arguments: expected none beside options; got 1'],
    ['do-not-call add', 'NUMBER: expected'],
    ['keys', 'expected new or rotate; got nothing'],
    ['keys new', 'PARTY: expected the id of one relying party'],
    ['keys new shop&co', 'PARTY: expected the id of one relying party: 1 to 40 letters, digits, _ or -; got "shop&co"'],
    ['keys new shop --scope create,dance', '--scope: expected some of create,read,operate; got "create,dance"'],
    ['keys new shop --scope=', '--scope: expected some of create,read,operate; got ""'],
    ['keys rotate --scope create', '--scope: expected nothing, as receipts have no scopes'],
    ['keys rotate now', 'Arguments: expected none beside options; got 1'],
    ['audit', 'expected verify or find; got nothing'],
    ['audit find', 'NUMBER: expected'],
    ['audit find 1001 --head 1:a', '--head: expected nothing'],
    ['audit verify a b', 'Arguments: expected none beside options; got 1'],
    ['audit verify --head 12', '--head: expected SEQ:MAC, as the log’s audit.head has them; got "12"'],
  ])('is answered with the argument, what was expected and what came: %s', async (line, words) => {
    expect(await refusal(line)).toContain(words);
  });

  it('does not have all of a page that was pasted shown again', async () => {
    expect((await refusal(`keys new ${'x'.repeat(100_000)}`)).length).toBeLessThan(500);
  });
});

describe('A key with scopes', () => {
  it('is good for those alone, whatever order and spaces they came with', async () => {
    const { exitCode, out } = await commandLine(['keys', 'new', 'shop', '--scope', 'read, create,read']);
    expect({ exitCode, out }).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('"scopes":["create","read"]'),
    });
  });
});
