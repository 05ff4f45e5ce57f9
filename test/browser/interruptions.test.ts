import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { en } from '../../client/words/en.ts';
import { aView } from '../fakes/a-view.ts';
import { describeWith } from '../support/needs.ts';
import type { FakeSite } from './support/fake-site.ts';
import { move, startCall, startDialIn } from './support/page-states.ts';
import { TestSite } from './support/test-site.ts';

const MINUTE = 60_000;

describeWith(['chromium'], 'the visitor’s page, where something comes between', () => {
  let pages: TestSite;
  let page: Page;
  let site: FakeSite;

  beforeAll(async () => {
    pages = await TestSite.open({ reducedMotion: 'reduce' });
  });

  beforeEach(async () => {
    ({ page, site } = await pages.fresh());
  });

  afterAll(() => pages.close());

  const heading = () => page.locator('h1').innerText();
  const changes = () =>
    site.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  const timeLeft = () => page.getByRole('timer').innerText();

  it('takes the second click of a double click for nothing, whatever button has come under it', async () => {
    await startCall(page, site, 'keypad');
    await page.getByRole('button', { name: en.call.cancel }).dispatchEvent('click', { detail: 2 });
    move(site, { state: 'ringing' });
    await page.locator('[aria-current=step]', { hasText: en.steps.ringing.now }).waitFor();
    expect(changes()).toEqual(['POST /v1/verifications']);
  });

  it('shows no code in whose place another tab had a new one drawn', async () => {
    await startDialIn(page, site);
    move(site, { id: 'call_9', state: 'ringing' });
    move(site, { state: 'ended', outcome: 'hung-up' });
    await page.locator('.note:not([hidden])').waitFor();
    expect((await page.locator('.digit').allInnerTexts()).join('')).toBe('482913');
    move(site, { id: 'call_2', number: 2, state: 'queued' });
    await page.getByText(en.dialIn.codeGone).waitFor();
    expect(await page.locator('.digit').count()).toBe(0);
  });

  it('counts the time by the server’s clock where the visitor’s is wrong by hours', async () => {
    await page.clock.setSystemTime(Date.now() - 300 * MINUTE);
    await startCall(page, site, 'keypad');
    expect(await timeLeft()).toMatch(/^(10:00|9:5\d)$/);
    await page.reload();
    await page.locator('.timeline').waitFor();
    expect(await timeLeft()).toMatch(/^(10:00|9:5\d)$/);
  });

  it('tells the time that is left of a call whose first answer got lost minutes ago', async () => {
    site.age = 5 * MINUTE;
    await startCall(page, site, 'keypad');
    expect(await timeLeft()).toMatch(/^(5:0\d|4:5\d)$/);
  });

  it('opens by itself when the network is back', async () => {
    site.refuse('GET /v1/settings', [503, 'starting']);
    await page.goto(site.origin);
    await page.getByRole('heading', { name: en.trouble.noSettings.heading }).waitFor();
    site.refusals.clear();
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await expect.poll(heading).toBe(en.start.heading);
  });

  it('asks how it stands where no event comes through', async () => {
    await startCall(page, site, 'keypad');
    site.refuse('GET /v1/verifications/ver_1/events', [503, 'starting']);
    site.view = aView({ status: 'verified', call: { state: 'ended', outcome: 'completed' } });
    site.breakStreams();
    await expect.poll(heading).toBe(en.result.verified.heading);
  });

  it('is there again, with its call, after a visit to another page', async () => {
    await startCall(page, site, 'keypad');
    await page.goto(`${site.origin}/phone`);
    await page.goBack();
    await page.locator('.timeline').waitFor();
    move(site, { state: 'ringing' });
    await page.locator('[aria-current=step]', { hasText: en.steps.ringing.now }).waitFor();
    expect((await page.locator('.digit').allInnerTexts()).join('')).toBe('482913');
  });

  it('shows that it is loading until the server has answered', async () => {
    const asked: Route[] = [];
    await page.route('**/v1/settings', (route) => void asked.push(route));
    await page.goto(site.origin);
    await page.locator('main[aria-busy=true] .loading').waitFor();
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    await asked[0]?.continue();
    await page.locator('#number').waitFor();
    expect(await page.locator('[aria-busy=true], .loading').count()).toBe(0);
  });
});
