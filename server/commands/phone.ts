import { createDatachannelEngine } from '../../sip-gateway/media/datachannel-engine.ts';
import type { PhoneCall } from '../../sip-gateway/phone/phone-call.ts';
import type { PhoneEvent } from '../../sip-gateway/phone/phone-event.ts';
import { PhoneStory } from '../../sip-gateway/phone/phone-story.ts';
import { PhoneError, TesterPhone } from '../../sip-gateway/phone/tester-phone.ts';
import { loadPromptLibrary, type PromptLibrary } from '../../sip-gateway/prompts/prompt-library.ts';
import { shown, wrongArgument } from './arguments.ts';
import { readPhoneOptions, type PhoneOptions } from './phone-options.ts';
import { EXIT_FAILURE, stopped, type Command, type Terminal } from './terminal.ts';
import { TypedKeys } from './typed-keys.ts';

/** `ringproof phone NUMBER`: a headless phone for testers, until a signal comes. Its output shows digits: it is theirs. */
export const phone: Command = async (args, terminal) => {
  const options = readPhoneOptions(args, terminal.env);
  const overrideDir = terminal.env['RINGPROOF_PROMPTS_DIR'] || undefined;
  const library = await loadPromptLibrary({ defaultLocale: 'en', ...(overrideDir !== undefined && { overrideDir }) });
  const spoken = library.locales;
  const locales = options.locales ?? spoken;
  const unknown = locales.find((locale) => !spoken.some((one) => languageOf(one) === languageOf(locale)));
  if (unknown !== undefined) throw wrongArgument('--locale', `some of ${spoken.join(',')}`, shown(unknown));
  const engine = createDatachannelEngine();
  const typed = new TypedKeys(terminal.stdin, () => askForCode(terminal, options));
  const tester = new TesterPhone({
    ...options,
    packs: locales.map((locale) => library.pack(locale)),
    engine,
    now: Date.now,
    onEvent: options.json ? jsonPrinter(terminal) : storyPrinter(terminal, library),
    manner: {
      ...options.manner,
      codeFor: (time) => options.codes[time - 1] ?? (options.keyFromPage ? typed.nextCode() : undefined),
    },
  });
  typed.onKeys = (keys) => tester.currentCall?.answeredAt !== undefined && void tester.currentCall.key(keys);
  typed.onHangUp = () => tester.currentCall?.hangUp();

  try {
    await tester.register();
    if (options.dial !== undefined) tester.call(options.dial);
    return await untilDone(tester, options, AbortSignal.any([terminal.stop, gone(terminal)]));
  } catch (error) {
    if (!(error instanceof PhoneError)) throw error;
    terminal.stderr.write(`${error.message}\n`);
    return EXIT_FAILURE;
  } finally {
    typed.close();
    await tester.close();
    engine.close();
  }
};

/** Aborted when nobody reads any more what the phone says. */
function gone({ stdout }: Terminal): AbortSignal {
  const leaving = new AbortController();
  stdout.once('error', () => leaving.abort());
  return leaving.signal;
}

/** Of `zh-CN`: `zh`. */
function languageOf(locale: string): string {
  return locale.toLowerCase().replace(/[-_].*$/, '');
}

/** A phone whose holder is waited for says so. */
function askForCode({ stdout }: Terminal, { json }: PhoneOptions): void {
  if (!json) stdout.write(`${' '.repeat(9)}type the code that the page shows, and Enter\n`);
}

/** Without `--once` until the signal; with it, the exit code says whether the phone did what it was told. */
async function untilDone(tester: TesterPhone, options: PhoneOptions, stop: AbortSignal): Promise<number> {
  const ended = new Promise<void>((resolve) => {
    tester.watch(({ type }) => {
      if (type === 'ended' && options.once) resolve();
    });
  });
  await Promise.race([ended, stopped(stop)]);
  const call = tester.calls.at(-1);
  if (!options.once) return 0;
  return call && didAsTold(call, options) ? 0 : EXIT_FAILURE;
}

function didAsTold({ end, heard }: PhoneCall, { manner }: PhoneOptions): boolean {
  const { onRing, hangUpAfter } = manner;
  if (onRing !== 'answer') return end === { busy: 'busy', reject: 'rejected', ignore: 'canceled' }[onRing];
  if (hangUpAfter !== undefined && end === 'phone-hung-up') return true;
  return end === 'caller-hung-up' && heard.some(({ complete }) => complete);
}

function jsonPrinter({ stdout }: Terminal): (event: PhoneEvent) => void {
  return (event) => void stdout.write(`${JSON.stringify(event)}\n`);
}

/** Times are seconds since the phone rang, or called. */
function storyPrinter({ stdout }: Terminal, { voices }: PromptLibrary): (event: PhoneEvent) => void {
  const story = new PhoneStory(voices);
  let zero: number | undefined;
  return (event) => {
    if (event.type === 'ringing' || event.type === 'calling') zero = event.at;
    for (const { at, text } of story.tell(event)) {
      const time = zero === undefined ? '  --.--' : ((at - zero) / 1000).toFixed(2).padStart(7);
      stdout.write(`${time}  ${text}\n`);
    }
    if (event.type === 'ended') zero = undefined;
  };
}
