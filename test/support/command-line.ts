import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { run } from '../../server/commands/run.ts';

/** Runs one command in this process, in this environment, to its end; nobody types anything. */
export async function commandLine(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: number; readonly out: string; readonly error: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const said = Promise.all([text(stdout), text(stderr)]);
  const exitCode = await run(args, { env, stdin, stdout, stderr, stop: new AbortController().signal });
  stdout.end();
  stderr.end();
  const [out, error] = await said;
  return { exitCode, out, error };
}
