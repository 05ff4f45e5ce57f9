import { createDatachannelEngine } from '../../sip-gateway/media/datachannel-engine.ts';
import { PhoneError, TesterPhone } from '../../sip-gateway/phone/tester-phone.ts';
import { loadPromptLibrary } from '../../sip-gateway/prompts/prompt-library.ts';
import { LOCAL_PROXY_DOMAIN, LOCAL_PROXY_PATH, LOCALES, readSettings } from '../config.ts';
import { createLog } from '../log.ts';
import { ApiClient, ApiRefusal } from './api-client.ts';
import { nothingMore, readArguments, shown, wrongArgument } from './arguments.ts';
import { Conversation } from './demo/conversation.ts';
import { playScene, type Scene, type SceneResult } from './demo/scene.ts';
import { SCENES } from './demo/scenes.ts';
import { findInstallation } from './installation.ts';
import { serve, type RunningServer } from './serve.ts';
import { EXIT_FAILURE, StartError, type Command, type Terminal } from './terminal.ts';

/** Of the numbers that are kept for stories (NANP 555-01xx): they can belong to nobody. */
const NUMBERS: Readonly<Record<Scene['rings'], string>> = { person: '+12025550123', company: '+12025550140' };
const CODE_LENGTH = 6;
/** Milliseconds for each scene, which takes some 20 s where nothing is wrong. */
const SCENE_LIMIT = 40_000;
/** Seconds. */
const TYPICAL_SCENE = 22;
const READY_LIMIT = 15_000;

/**
 * `ringproof demo`: the three methods end to end on this machine, a company line, and the key of those who did not ask
 * for the call; with a server of its own on a free port, the local proxy, and headless phones that really hear and key.
 * Exit code 0 only if everything came out as its title says.
 */
export const demo: Command = async (args, terminal) => {
  const { locale, json, scenes } = readDemoOptions(args);
  const startedAt = Date.now();
  const limit = READY_LIMIT + scenes.length * SCENE_LIMIT;
  const signal = AbortSignal.any([terminal.stop, AbortSignal.timeout(limit)]);
  const print = (text: string) => void terminal.stdout.write(text);
  const conversation = new Conversation(json ? () => {} : print);
  const printJson = (value: object) => json && print(`${JSON.stringify(value)}\n`);

  const server = await startServer(terminal);
  const engine = createDatachannelEngine();
  const packs = [(await loadPromptLibrary({ defaultLocale: locale })).pack(locale)];
  const phoneOf = (phoneNumber: string): TesterPhone =>
    new TesterPhone({
      phoneNumber,
      url: `${server.url.replace('http', 'ws')}${LOCAL_PROXY_PATH}`,
      domain: LOCAL_PROXY_DOMAIN,
      packs,
      manner: { codeLength: CODE_LENGTH },
      engine,
      now: Date.now,
      onEvent: (event) => {
        conversation.phone(event);
        printJson({ who: 'phone', ...event });
      },
    });
  const phones = { person: phoneOf(NUMBERS.person), company: phoneOf(NUMBERS.company) };
  try {
    await ready(server, signal);
    for (const phone of Object.values(phones)) await phone.register();
    if (!json) print(`${prologue(server, scenes)}\n`);
    const results: SceneResult[] = [];
    for (const scene of scenes) {
      conversation.begin(scene.title, Date.now());
      const result = await playScene(scene, {
        locale,
        phone: phones[scene.rings],
        to: NUMBERS[scene.rings],
        signal,
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
    const passed = results.every(({ claims }) => Object.values(claims).every(Boolean));
    const ms = Date.now() - startedAt;
    printJson({ who: 'demo', passed, results, ms });
    if (!json) print(`\n${results.map(summary).join('\n')}\nTook ${(ms / 1000).toFixed(1)} s.\n`);
    return passed ? 0 : EXIT_FAILURE;
  } catch (error) {
    if (!(error instanceof PhoneError || error instanceof ApiRefusal || signal.aborted)) throw error;
    const why = terminal.stop.aborted ? 'stopped' : signal.aborted ? `not over after ${limit / 1000} s` : String(error);
    terminal.stderr.write(`The demo did not come to its end: ${why}\n`);
    return EXIT_FAILURE;
  } finally {
    await Promise.all(Object.values(phones).map(async (phone) => phone.close()));
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

function prologue({ url }: RunningServer, scenes: readonly Scene[]): string {
  const minutes = Math.ceil((scenes.length * TYPICAL_SCENE) / 60);
  return (
    `A server at ${url}, and headless phones on its proxy: ${NUMBERS.person}, and a company’s ${NUMBERS.company}.\n` +
    `Real SIP, real media, at the pace of real calls: some ${minutes === 1 ? 'minute' : `${minutes} minutes`}.`
  );
}

function summary({ scene, claims }: SceneResult): string {
  const words = Object.entries(claims).map(([claim, isTrue]) => (isTrue ? claim : `NOT ${claim}`));
  return `${scene}: ${words.join(', ')}`;
}

function readDemoOptions(args: readonly string[]) {
  const { values, positionals } = readArguments(args, {
    json: { type: 'boolean', default: false },
    locale: { type: 'string', default: 'en' },
    scene: { type: 'string', multiple: true },
  });
  nothingMore(positionals);
  const { locale, json, scene: chosen = [] } = values;
  oneOf(LOCALES, { name: '--locale', typed: [locale] });
  const names = SCENES.map(({ name }) => name);
  oneOf(names, { name: '--scene', typed: chosen });
  const scenes = chosen.length === 0 ? SCENES : SCENES.filter(({ name }) => chosen.includes(name));
  return { locale, json, scenes } as const;
}

function oneOf(
  known: readonly string[],
  { name, typed }: { readonly name: string; readonly typed: readonly string[] },
) {
  const unknown = typed.find((one) => !known.includes(one));
  if (unknown !== undefined) throw wrongArgument(name, `one of ${known.join(', ')}`, shown(unknown));
}
