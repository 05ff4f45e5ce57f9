import type { PhoneCall, PhoneManner } from '../../../sip-gateway/phone/phone-call.ts';
import type { PhoneEvent } from '../../../sip-gateway/phone/phone-event.ts';
import type { TesterPhone } from '../../../sip-gateway/phone/tester-phone.ts';
import type { CreatedVerificationView, CreateVerificationBody, VerificationView } from '../../http/contract.ts';
import { ApiRefusal, type ApiClient } from '../api-client.ts';
import { inGroups } from '../progress-words.ts';

/** One verification and what it shows. */
export interface Scene {
  readonly name: string;
  readonly title: string;
  /** Who is rung: a person's own telephone, or one behind a company's switchboard. */
  readonly rings: 'person' | 'company';
  readonly asks: Omit<CreateVerificationBody, 'to' | 'locale'>;
  readonly manner?: Partial<PhoneManner>;
  /** The visitor asks once more when it is over. */
  readonly asksAgain?: boolean;
  /** What has to be true of it in the end, each in a few words. */
  readonly claims: Readonly<Record<string, (played: Played) => boolean>>;
}

export interface Played {
  readonly created: CreatedVerificationView;
  readonly last: VerificationView;
  readonly heard: PhoneCall['heard'];
  /** The code of the refusal when the visitor asked again. */
  readonly refusedAgain?: string;
}

export interface SceneWorld {
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
  readonly scene: string;
  readonly status: VerificationView['status'];
  /** The claims, and whether they came true. */
  readonly claims: Readonly<Record<string, boolean>>;
}

/** A page that does what a visitor does, and a phone that does what its holder does. */
export async function playScene(scene: Scene, world: SceneWorld): Promise<SceneResult> {
  const { api, phone, now, signal, onPage } = world;
  const created = await ask(scene, world);
  if (created.dialIn) phone.call(created.dialIn.number);
  const typing = typeWhatIsHeard(created, world);
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
  const refusedAgain = scene.asksAgain === true ? await askInVain(scene, world) : undefined;
  const played: Played = { created, last, heard, ...(refusedAgain !== undefined && { refusedAgain }) };
  const claims = Object.entries(scene.claims).map(([claim, isTrue]) => [claim, isTrue(played)] as const);
  return { scene: scene.name, status: last.status, claims: Object.fromEntries(claims) };
}

async function ask({ asks, manner = {} }: Scene, world: SceneWorld): Promise<CreatedVerificationView> {
  const { to, locale, api, phone, now, onPage } = world;
  onPage(now(), `asks to verify ${to}${asks.extension === undefined ? '' : `, extension ${asks.extension}`}`);
  const creating = api.create({ ...asks, to, locale });
  // The phone is told how to behave before it rings; the code is known once the page shows it.
  const codeFor = async (time: number) => (time === 1 ? (await creating).code : undefined);
  phone.manner = { ...phone.manner, codeFor, saysNotMe: false, ...manner };
  const created = await creating;
  if (created.word !== undefined) onPage(now(), `shows the word “${created.word}”`);
  if (created.code !== undefined) onPage(now(), `shows the code ${inGroups(created.code)}`);
  if (created.dialIn) onPage(now(), `shows the number to call, ${created.dialIn.number}`);
  return created;
}

async function askInVain({ asks }: Scene, { to, locale, api, now, onPage }: SceneWorld): Promise<string | undefined> {
  try {
    await api.create({ ...asks, to, locale });
    onPage(now(), 'asks again, and is not refused');
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    onPage(now(), `asks again, and is refused: ${error.message} (${error.code})`);
    return error.code;
  }
}

/** The visitor has the phone at the ear and types the code as soon as it was said. */
function typeWhatIsHeard(created: CreatedVerificationView, { api, phone, now, onPage }: SceneWorld): { stop(): void } {
  if (created.method !== 'spoken') return { stop: () => {} };
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
