import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { CLIENT_KEY } from '../config.ts';
import type { CreatedVerificationView, VerificationView } from '../http/contract.ts';
import { ApiClient, ApiRefusal } from './api-client.ts';
import { instruction, ProgressTeller } from './progress-words.ts';
import { EXIT_FAILURE, type Command, type Terminal } from './terminal.ts';
import { readVerifyOptions } from './verify-options.ts';

/** `ringproof verify NUMBER`: a verification from a terminal; exit code 0 when it was verified. */
export const verify: Command = async (args, terminal) => {
  const { url, asked, json } = readVerifyOptions(args, terminal.env);
  const api = new ApiClient(url, terminal.env[CLIENT_KEY]);
  const say = json ? () => {} : (line: string) => void terminal.stdout.write(`${line}\n`);
  try {
    const created = await api.create(asked);
    if (json) terminal.stdout.write(`${JSON.stringify(created)}\n`);
    say(instruction(created));

    const typing = asked.method === 'spoken' ? takeCodes(terminal.stdin, created, { api, say }) : undefined;
    try {
      const last = await follow(created, { api, terminal, show: json ? jsonPrinter(terminal) : stepPrinter(say) });
      return last?.status === 'verified' ? 0 : EXIT_FAILURE;
    } finally {
      typing?.stop();
    }
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    terminal.stderr.write(`${error.code}: ${error.message}\n`);
    if (error.code === 'unauthorized') terminal.stderr.write(`${CLIENT_KEY} is the key that is sent.\n`);
    return EXIT_FAILURE;
  }
};

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
