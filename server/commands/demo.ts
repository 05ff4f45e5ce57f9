import { createDatachannelEngine } from '../../sip-gateway/media/datachannel-engine.ts';
import { PhoneError, TesterPhone } from '../../sip-gateway/phone/tester-phone.ts';
import { loadPromptLibrary } from '../../sip-gateway/prompts/prompt-library.ts';
import { LOCAL_PROXY_DOMAIN, LOCAL_PROXY_PATH, LOCALES, readSettings } from '../config.ts';
import type { MethodName } from '../http/contract.ts';
import { createLog } from '../log.ts';
import { ApiClient, ApiRefusal } from './api-client.ts';
import { nothingMore, readArguments, shown, wrongArgument } from './arguments.ts';
import { Conversation } from './demo/conversation.ts';
import { playScene, type SceneResult } from './demo/scene.ts';
import { findInstallation } from './installation.ts';
import { serve, type RunningServer } from './serve.ts';
import { EXIT_FAILURE, StartError, type Command, type Terminal } from './terminal.ts';

/** Of the numbers that are kept for stories (NANP 555-01xx): it can belong to nobody. */
const NUMBER = '+12025550123';
const CODE_LENGTH = 6;
const TITLES: Readonly<Record<MethodName, string>> = {
  keypad: 'KEYPAD: the page shows the code, the person keys it on the phone',
  spoken: 'SPOKEN: the phone says the code, the person types it on the page',
  'dial-in': 'DIAL-IN: the page shows a number and a code, the person calls and keys the code',
};
/** Milliseconds, for everything. It takes about a minute where nothing is wrong. */
const LIMIT = 85_000;
const READY_LIMIT = 15_000;

/**
 * `ringproof demo`: the three methods end to end on this machine, with a server of its own on a free port, the local
 * proxy, and a headless phone that really hears and keys. Exit code 0 only if the number was verified each time.
 */
export const demo: Command = async (args, terminal) => {
  const { locale, json } = readDemoOptions(args);
  const startedAt = Date.now();
  const signal = AbortSignal.any([terminal.stop, AbortSignal.timeout(LIMIT)]);
  const print = (text: string) => void terminal.stdout.write(text);
  const conversation = new Conversation(json ? () => {} : print);
  const printJson = (value: object) => json && print(`${JSON.stringify(value)}\n`);

  const server = await startServer(terminal);
  const engine = createDatachannelEngine();
  const library = await loadPromptLibrary({ defaultLocale: locale });
  const phone = new TesterPhone({
    phoneNumber: NUMBER,
    url: `${server.url.replace('http', 'ws')}${LOCAL_PROXY_PATH}`,
    domain: LOCAL_PROXY_DOMAIN,
    packs: [library.pack(locale)],
    manner: { codeLength: CODE_LENGTH },
    engine,
    now: Date.now,
    onEvent: (event) => {
      conversation.phone(event);
      printJson({ who: 'phone', ...event });
    },
  });
  try {
    await ready(server, signal);
    await phone.register();
    if (!json) print(`A server at ${server.url} and a headless phone ${NUMBER} on its proxy; real SIP, real media.\n`);
    const results: SceneResult[] = [];
    for (const method of ['keypad', 'spoken', 'dial-in'] as const) {
      conversation.begin(TITLES[method], Date.now());
      const result = await playScene({
        method,
        locale,
        phone,
        signal,
        to: NUMBER,
        api: new ApiClient(server.url),
        now: Date.now,
        onPage: (at, seen) => {
          conversation.page(at, seen);
          printJson({ who: 'page', at, ...(typeof seen === 'string' ? { text: seen } : { view: seen }) });
        },
      });
      conversation.end();
      results.push(result);
    }
    const passed = results.every(({ status, phoneHeardVerdict }) => status === 'verified' && phoneHeardVerdict);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    printJson({ who: 'demo', passed, results, ms: Date.now() - startedAt });
    if (!json) print(`\n${results.map(summary).join('\n')}\nTook ${seconds} s.\n`);
    return passed ? 0 : EXIT_FAILURE;
  } catch (error) {
    if (!(error instanceof PhoneError || error instanceof ApiRefusal || signal.aborted)) throw error;
    terminal.stderr.write(`The demo did not come to its end: ${signal.aborted ? 'stopped' : String(error)}\n`);
    return EXIT_FAILURE;
  } finally {
    await phone.close();
    engine.close();
    await server.close();
  }
};

/** The operator's own settings stay out of it: the demo needs none, and touches no data. */
async function startServer({ stderr }: Terminal): Promise<RunningServer> {
  const settings = readSettings({ PORT: '0', RINGPROOF_STORE: 'memory:', RINGPROOF_CODE_LENGTH: String(CODE_LENGTH) });
  const log = createLog({ level: 'error', write: (line) => void stderr.write(line), human: true });
  return serve({ settings, installation: findInstallation(), gatewayEnv: {}, log, now: Date.now });
}

async function ready({ telephony }: RunningServer, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_LIMIT;
  while (!telephony.status().ready) {
    if (signal.aborted || Date.now() > deadline) {
      throw new StartError('not_ready', `The voice server is not ready: ${JSON.stringify(telephony.status())}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

function summary({ method, status, phoneHeardVerdict }: SceneResult): string {
  const told = phoneHeardVerdict ? 'told on the phone' : 'NOT told on the phone';
  return `${method}: ${status}, ${status === 'verified' ? told : 'so the demo failed'}`;
}

function readDemoOptions(args: readonly string[]) {
  const { values, positionals } = readArguments(args, {
    json: { type: 'boolean', default: false },
    locale: { type: 'string', default: 'en' },
  });
  nothingMore(positionals);
  const { locale, json } = values;
  if (!LOCALES.some((known) => known === locale)) {
    throw wrongArgument('--locale', `one of ${LOCALES.join(', ')}`, shown(locale));
  }
  return { locale, json } as const;
}
