import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { CLIENT_KEY } from '../config.ts';
import type { CreatedVerificationView, VerificationView } from '../http/contract.ts';
import { ApiClient, ApiRefusal } from './api-client.ts';
import { wrongArgument } from './arguments.ts';
import { instruction, ProgressTeller } from './progress-words.ts';
import { EXIT_FAILURE, type Command, type Terminal } from './terminal.ts';
import { readVerifyOptions } from './verify-options.ts';

/** `ringproof verify NUMBER`: a verification from a terminal; exit code 0 when it was verified. */
export const verify: Command = async (args, terminal) => {
  const { url, asked, json } = readVerifyOptions(args, terminal.env);
  const api = new ApiClient(url, readKey(terminal.env[CLIENT_KEY]));
  const say = json ? () => {} : (line: string) => void terminal.stdout.write(`${line}\n`);
  try {
    const created = await api.create(asked, soonAfter(terminal.stop));
    if (json) terminal.stdout.write(`${JSON.stringify(created)}\n`);
    say(instruction(created));

    const typing = asked.method === 'spoken' ? takeCodes(terminal.stdin, created, { api, say }) : undefined;
    try {
      const last = await follow(created, { api, terminal, show: json ? jsonPrinter(terminal) : stepPrinter(say) });
      if (last?.call.outcome === 'invalid-number') await sayWhatIsMissing(last, { api, terminal, url });
      return last?.status === 'verified' ? 0 : EXIT_FAILURE;
    } finally {
      typing?.stop();
    }
  } catch (error) {
    if (terminal.stop.aborted) {
      terminal.stderr.write('Stopped before the server answered: it may have placed the call all the same\n');
      return EXIT_FAILURE;
    }
    if (!(error instanceof ApiRefusal)) throw error;
    terminal.stderr.write(`${error.code}: ${error.message}\n`);
    if (error.code === 'unauthorized') terminal.stderr.write(`${CLIENT_KEY} is the key that is sent.\n`);
    return EXIT_FAILURE;
  }
};

/** Milliseconds: what the server has begun can be canceled once it has said so. */
const LAST_ANSWER_WITHIN = 2_000;

function soonAfter(stop: AbortSignal): AbortSignal {
  const late = new AbortController();
  const wait = (): void => void setTimeout(() => late.abort(), LAST_ANSWER_WITHIN).unref();
  stop.addEventListener('abort', wait, { once: true });
  return late.signal;
}

/** @throws UsageError for what cannot stand in a header */
function readKey(key = ''): string | undefined {
  if (key === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw wrongArgument(CLIENT_KEY, 'the key as it was given out, in visible ASCII', 'something else (not shown)');
}

interface Asking {
  readonly api: ApiClient;
  readonly terminal: Terminal;
  readonly url: string;
}

/** On a server for testers a number is whatever a phone has registered; the commonest fault of a first try is to have none. */
async function sayWhatIsMissing({ to }: VerificationView, { api, terminal, url }: Asking): Promise<void> {
  const settings = await api.settings().catch(() => undefined);
  if (!settings?.proxy) return;
  terminal.stderr.write(
    `No phone is registered as ${to} on the server’s local proxy. Start one first, and leave it running:\n  ringproof phone ${to}\nor open ${new URL('/phone', url).href} and connect as that number.\n`,
  );
}

interface Following {
  readonly api: ApiClient;
  readonly terminal: Terminal;
  readonly show: (view: VerificationView) => void;
}

/** Shows every state until the end; a signal cancels the verification. */
async function follow(
  created: CreatedVerificationView,
  { api, terminal, show }: Following,
): Promise<VerificationView | undefined> {
  let last: VerificationView | undefined;
  try {
    for await (const view of api.states(created, terminal.stop)) {
      last = view;
      show(view);
    }
  } catch (error) {
    if (!terminal.stop.aborted) throw error;
    await api.cancel(created).catch(() => {});
    terminal.stderr.write('canceled\n');
  }
  return last;
}

function jsonPrinter({ stdout }: Terminal): Following['show'] {
  return (view) => void stdout.write(`${JSON.stringify(view)}\n`);
}

function stepPrinter(say: (line: string) => void): Following['show'] {
  const teller = new ProgressTeller();
  return (view) => {
    const line = teller.tell(view);
    if (line !== undefined) say(line);
  };
}

interface Typing {
  readonly api: ApiClient;
  readonly say: (line: string) => void;
}

/** Every line that is typed is a code; spaces and dashes in it are only for the eye. */
function takeCodes(stdin: Readable, created: CreatedVerificationView, { api, say }: Typing): { stop(): void } {
  const lines = createInterface({ input: stdin });
  lines.on('line', (line) => {
    const code = line.replaceAll(/[\s-]/g, '');
    if (code === '') return;
    api.check(created, code).then(
      ({ status, attemptsLeft }) => say(status === 'pending' ? `Not right; ${attemptsLeft} attempts left` : status),
      (error: unknown) => say(error instanceof Error ? error.message : 'The code could not be checked'),
    );
  });
  return {
    stop: () => {
      lines.close();
      stdin.destroy();
    },
  };
}
