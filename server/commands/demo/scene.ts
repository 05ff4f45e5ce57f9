import type { PhoneEvent } from '../../../sip-gateway/phone/phone-event.ts';
import type { TesterPhone } from '../../../sip-gateway/phone/tester-phone.ts';
import type { CreatedVerificationView, MethodName, VerificationView } from '../../http/contract.ts';
import type { ApiClient } from '../api-client.ts';
import { inGroups } from '../progress-words.ts';

export interface SceneOptions {
  readonly method: MethodName;
  readonly locale: string;
  readonly to: string;
  readonly api: ApiClient;
  readonly phone: TesterPhone;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** What the page shows or does. */
  readonly onPage: (at: number, seen: string | VerificationView) => void;
}

export interface SceneResult {
  readonly method: MethodName;
  readonly status: VerificationView['status'];
  /** Whether the phone was told that the number is verified, to the end of the sentence. */
  readonly phoneHeardVerdict: boolean;
}

/** One verification, with a page that does what a visitor does and a phone that does what its holder does. */
export async function playScene(options: SceneOptions): Promise<SceneResult> {
  const { method, locale, to, api, phone, now, signal, onPage } = options;
  onPage(now(), `asks to verify ${to}`);
  const creating = api.create({ to, method, locale });
  // The phone is told how to behave before it rings; the code is known once the page shows it.
  phone.manner = { ...phone.manner, codeFor: async (time) => (time === 1 ? (await creating).code : undefined) };
  const created = await creating;
  if (created.code !== undefined) onPage(now(), `shows the code ${inGroups(created.code)}`);
  if (created.dialIn) {
    onPage(now(), `shows the number to call, ${created.dialIn.number}`);
    phone.call(created.dialIn.number);
  }

  const typing = typeWhatIsHeard(created, options);
  let last: VerificationView = created;
  try {
    for await (const view of api.states(created, signal)) {
      last = view;
      onPage(now(), view);
    }
  } finally {
    typing.stop();
  }
  await phoneHasEnded(phone);
  const heard = phone.calls.at(-1)?.heard ?? [];
  const phoneHeardVerdict = heard.some(({ prompt, complete }) => prompt === 'verdict-verified' && complete);
  return { method, status: last.status, phoneHeardVerdict };
}

/** The visitor has the phone at the ear and types the code as soon as it was said. */
function typeWhatIsHeard(created: CreatedVerificationView, options: SceneOptions): { stop(): void } {
  const { method, api, phone, now, onPage } = options;
  if (method !== 'spoken') return { stop: () => {} };
  let hasTyped = false;
  const stop = phone.watch((event: PhoneEvent) => {
    if (event.type !== 'code' || hasTyped) return;
    hasTyped = true;
    onPage(now(), `types ${inGroups(event.code)}`);
    api.check(created, event.code).catch((error: unknown) => {
      onPage(now(), `is refused: ${error instanceof Error ? error.message : 'fault'}`);
    });
  });
  return { stop };
}

/** The server knows of the end a moment before the phone does. */
async function phoneHasEnded(phone: TesterPhone): Promise<void> {
  if (phone.currentCall) await phone.next(({ type }) => type === 'ended', 2_000).catch(() => {});
}
