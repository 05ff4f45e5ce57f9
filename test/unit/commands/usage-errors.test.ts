import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { run } from '../../../server/commands/run.ts';

describe('A command line that is mistyped', () => {
  it('is answered with what is wrong, and not with advice that does not apply', async () => {
    expect(await mistyped('explain', '--jsn')).toBe("Unknown option '--jsn'\nringproof help lists what is possible.\n");
  });

  it.each(['phone', 'verify'])('is referred to the help of its own that %s has', async (command) => {
    expect(await mistyped(command)).toContain(`\nringproof ${command} --help lists what is possible.\n`);
  });

  it('is answered with the command that there is not', async () => {
    expect(await mistyped('verfy')).toBe('There is no command "verfy"\nringproof help lists what is possible.\n');
  });
});

/** What is said on standard error; the exit code is that of a failure. */
async function mistyped(...args: readonly string[]): Promise<string> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const exitCode = await run(args, { env: {}, stdin, stdout, stderr, stop: new AbortController().signal });
  expect(exitCode).toBe(1);
  stderr.end();
  return text(stderr);
}
