import type { Readable, Writable } from 'node:stream';

/** What a command may use of the process that it runs in. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by the first SIGINT or SIGTERM: finish soon. */
  readonly stop: AbortSignal;
}

type Output = Writable & { readonly isTTY?: boolean };

/** `EX_CONFIG` of sysexits.h: a supervisor need not try again. */
export const EXIT_CONFIG = 78;
export const EXIT_FAILURE = 1;
/** As shells have it for a command line that is not understood. */
export const EXIT_USAGE = 2;

/** Does its work and gives the exit code. */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

/** The command line is wrong; shown with a hint and without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something outside of us is in the way, such as a port that is taken. `code` is stable. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(`${message} (${code})`, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Waits for the first signal. What is open keeps the process alive, not this. */
export async function stopped(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return;
  await new Promise<void>((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
}
