#!/usr/bin/env node
import { run } from './commands/run.ts';
import { withoutDigits } from './log-redaction.ts';

/** Milliseconds for a command to come to its end once it is told to; Docker kills after ten seconds. */
const LEAVE_WITHIN = 8_000;

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second one means it.
    if (stopping.signal.aborted) die(signal);
    stopping.abort();
    setTimeout(() => {
      process.stderr.write(`Ringproof did not come to its end in ${LEAVE_WITHIN / 1_000} s and is cut off.\n`);
      die(signal);
    }, LEAVE_WITHIN).unref();
  });
}

/** By the signal itself: an exit would wait for a thread that reads a pipe or a file system which never answers. */
function die(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

// A bug. What Node would print by itself may quote a number or a code.
process.on('uncaughtException', (error) => {
  process.stderr.write(`Ringproof stopped on a fault of its own:\n${withoutDigits(error.stack ?? String(error))}\n`);
  process.exit(1);
});
// Whoever read our log may go away; calls go on.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {});

const exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  stop: stopping.signal,
});

/** A reader that has stopped reading is not waited for any longer; milliseconds. */
const LAST_WORDS = 1_000;

// Leaving is said, not left to an idle event loop: the threads of the native media code stay for as long as the process does.
setTimeout(() => process.exit(exitCode), LAST_WORDS);
await Promise.all(
  [process.stdout, process.stderr].map(
    (output) =>
      new Promise<void>((written) => {
        output.write('', () => written());
      }),
  ),
);
process.exit(exitCode);
