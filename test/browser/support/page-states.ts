import type { Page } from 'playwright-core';
import type { OutcomeName, VerificationView } from '../../../server/http/contract.ts';
import type { FakeSite } from './fake-site.ts';

export interface PageState {
  readonly name: string;
  /** Brings the page there, in whatever language it speaks. */
  readonly bring: (page: Page, site: FakeSite) => Promise<void>;
}

type Call = Partial<VerificationView['call']>;

/** Moves the call, and the verification with it. */
export function move(site: FakeSite, call: Call, rest: Partial<VerificationView> = {}): void {
  site.push({ ...site.view, ...rest, call: { ...site.view.call, ...call } });
}

export async function openStart(page: Page, site: FakeSite): Promise<void> {
  await page.goto(site.origin);
  await page.locator('#number').waitFor();
}

/** Starts a verification and waits until the page follows it. */
export async function startCall(page: Page, site: FakeSite, method: VerificationView['method']): Promise<void> {
  await openStart(page, site);
  await page.locator('#number').fill('2025550123');
  await page.locator(`input[value=${method}]`).check();
  await page.locator('button[type=submit]').click();
  await page.locator('.timeline').waitFor();
}

const STEPS = ['dialing', 'ringing', 'answered', 'gate'] as const;

async function startKeypadAt(page: Page, site: FakeSite, call: Call): Promise<void> {
  await startCall(page, site, 'keypad');
  for (const state of STEPS) move(site, { state });
  move(site, call);
  await page.locator(`.row.now`).waitFor();
}

export async function startDialIn(page: Page, site: FakeSite): Promise<void> {
  site.settings = { ...site.settings, methods: ['keypad', 'spoken', 'dial-in'] };
  site.details = { dialIn: { number: '+12025550199' } };
  await startCall(page, site, 'dial-in');
}

async function fail(page: Page, site: FakeSite, reason: OutcomeName): Promise<void> {
  await startCall(page, site, 'keypad');
  move(site, { state: 'ended', outcome: reason }, { status: 'failed', reason });
  await page.locator('.result').waitFor();
}

async function end(page: Page, site: FakeSite, rest: Partial<VerificationView>): Promise<void> {
  await startCall(page, site, 'keypad');
  move(site, { state: 'ended', outcome: 'completed' }, rest);
  await page.locator('.result').waitFor();
}

const FAILURES = ['busy', 'invalid-number', 'no-input', 'reported'] as const;

export const VISITOR_STATES: readonly PageState[] = [
  { name: 'start', bring: openStart },
  {
    name: 'start, number too short',
    async bring(page, site) {
      await openStart(page, site);
      await page.locator('#number').fill('202');
      await page.locator('#number').fill('2025550');
      await page.locator('button[type=submit]').click();
      await page.locator('.field-error:not(:empty)').waitFor();
    },
  },
  {
    name: 'start, extension that is none',
    async bring(page, site) {
      await openStart(page, site);
      await page.locator('#number').fill('2025550123');
      await page.locator('.extension summary').click();
      await page.locator('#extension').fill('desk 12');
      await page.locator('button[type=submit]').click();
      await page.locator('#extension-error:not(:empty)').waitFor();
    },
  },
  {
    name: 'start, refused',
    async bring(page, site) {
      site.refuse('POST /v1/verifications', [503, 'telephony_unavailable'], { 'Retry-After': '30' });
      await openStart(page, site);
      await page.locator('#number').fill('2025550123');
      await page.locator('button[type=submit]').click();
      await page.locator('.alert:not(:empty)').waitFor();
    },
  },
  { name: 'keypad, ringing', bring: (page, site) => startKeypadAt(page, site, { state: 'gate' }) },
  { name: 'keypad, collecting', bring: (page, site) => startKeypadAt(page, site, { state: 'collecting', keys: 3 }) },
  {
    name: 'keypad, wrong code',
    async bring(page, site) {
      await startKeypadAt(page, site, { state: 'collecting', keys: 6 });
      move(site, { keys: 0 }, { attemptsLeft: 4 });
      await page.locator('.alert:not(:empty)').waitFor();
    },
  },
  {
    name: 'keypad, with a word and a payment',
    async bring(page, site) {
      const transaction = {
        amount: '1249.90 EUR',
        payee: 'Bakery of the Seven Old Windmills and Daughters',
        spoken: false,
      };
      site.details = { word: 'maple', transaction };
      await startKeypadAt(page, site, { state: 'gate' });
      await page.locator('.shared-word').waitFor();
    },
  },
  {
    name: 'connection lost',
    async bring(page, site) {
      await startKeypadAt(page, site, { state: 'gate' });
      site.refuse('GET /v1/verifications/ver_1/events', [503, 'starting']);
      site.breakStreams();
      await page.locator('.connection:not(:empty)').waitFor();
    },
  },
  {
    name: 'spoken, speaking',
    async bring(page, site) {
      await startCall(page, site, 'spoken');
      for (const state of STEPS) move(site, { state });
      move(site, { state: 'speaking' });
      await page.locator('#code').pressSequentially('482');
    },
  },
  {
    name: 'spoken, wrong code',
    async bring(page, site) {
      await startCall(page, site, 'spoken');
      site.onCheck = () => ({ ...site.view, attemptsLeft: 4 });
      await page.locator('#code').pressSequentially('111111');
      await page.locator('.field-error:not(:empty)').waitFor();
    },
  },
  {
    name: 'spoken, call ended',
    async bring(page, site) {
      await startCall(page, site, 'spoken');
      for (const state of STEPS) move(site, { state });
      move(site, { state: 'ended', outcome: 'hung-up' });
      await page.locator('.note').waitFor();
    },
  },
  { name: 'dial-in, waiting', bring: startDialIn },
  {
    name: 'dial-in, not genuine',
    async bring(page, site) {
      await startDialIn(page, site);
      move(site, { state: 'ringing' });
      move(site, { state: 'ended', outcome: 'rejected' });
      await page.locator('.note:not([hidden])').waitFor();
    },
  },
  { name: 'verified', bring: (page, site) => end(page, site, { status: 'verified' }) },
  { name: 'locked', bring: (page, site) => end(page, site, { status: 'locked' }) },
  { name: 'expired', bring: (page, site) => end(page, site, { status: 'expired' }) },
  { name: 'superseded', bring: (page, site) => end(page, site, { status: 'canceled', reason: 'superseded' }) },
  ...FAILURES.map((reason) => ({
    name: `failed: ${reason}`,
    bring: (page: Page, site: FakeSite) => fail(page, site, reason),
  })),
  {
    name: 'not open to visitors',
    async bring(page, site) {
      site.settings = { ...site.settings, openToVisitors: false };
      await page.goto(site.origin);
      await page.locator('h1').waitFor();
    },
  },
  {
    name: 'no server',
    async bring(page, site) {
      site.refuse('GET /v1/settings', [503, 'starting']);
      await page.goto(site.origin);
      await page.locator('h1').waitFor();
    },
  },
];

export async function openPhone(page: Page, site: FakeSite): Promise<void> {
  await page.goto(`${site.origin}/phone`);
  await page.locator('#phone-number').waitFor();
}

export async function connectPhone(page: Page, site: FakeSite): Promise<void> {
  await openPhone(page, site);
  await page.locator('button[type=submit]').click();
  await phoneIs(page, 'ready');
}

export async function ringPhone(page: Page, site: FakeSite): Promise<void> {
  await connectPhone(page, site);
  site.exchange.call();
  await phoneIs(page, 'ringing');
}

export async function answerPhone(page: Page, site: FakeSite): Promise<void> {
  await ringPhone(page, site);
  await page.locator('.calls .primary').click();
  await phoneIs(page, 'talking');
}

export async function phoneIs(page: Page, state: string): Promise<void> {
  await page.locator(`[data-state=${state}]`).waitFor();
}

export const PHONE_STATES: readonly PageState[] = [
  { name: 'phone, off', bring: openPhone },
  {
    name: 'phone, password asked and refused',
    async bring(page, site) {
      site.exchange.registerStatus = '403 Forbidden';
      site.settings = { ...site.settings, proxy: { path: '/sip', domain: 'ringproof.test', passwordRequired: true } };
      await openPhone(page, site);
      await page.locator('button[type=submit]').click();
      await page.locator('.alert:not(:empty)').waitFor();
    },
  },
  { name: 'phone, ready', bring: connectPhone },
  { name: 'phone, ringing', bring: ringPhone },
  {
    name: 'phone, in a call',
    async bring(page, site) {
      await answerPhone(page, site);
      await page.keyboard.press('5');
    },
  },
  {
    name: 'phone, call ended',
    async bring(page, site) {
      await answerPhone(page, site);
      site.exchange.hangUp();
      await phoneIs(page, 'ended');
    },
  },
  {
    name: 'phone, connection lost',
    async bring(page, site) {
      await connectPhone(page, site);
      site.exchange.registerStatus = '503 Service Unavailable';
      site.exchange.drop();
      await phoneIs(page, 'retrying');
    },
  },
  {
    name: 'phone, not offered',
    async bring(page, site) {
      const { proxy: _absent, ...settings } = site.settings;
      site.settings = settings;
      await page.goto(`${site.origin}/phone`);
      await page.locator('h1').waitFor();
    },
  },
];
