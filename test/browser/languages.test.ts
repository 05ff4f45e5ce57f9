import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../client/words/language.ts';
import type { OutcomeName } from '../../server/http/contract.ts';
import { describeWith } from '../support/needs.ts';
import type { FakeSite } from './support/fake-site.ts';
import { move, openPhone, openStart, ringPhone } from './support/page-states.ts';
import { TestSite } from './support/test-site.ts';

const METHODS = ['keypad', 'spoken', 'dial-in'] as const;
const STEPS = ['queued', 'dialing', 'ringing', 'answered', 'gate', 'speaking', 'collecting', 'verdict'] as const;

describeWith(['chromium'], 'on a screen of 320 px', () => {
  let pages: TestSite;
  let page: Page;
  let site: FakeSite;
  let spilt: string[];

  beforeAll(async () => {
    pages = await TestSite.open({ viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' });
  });

  beforeEach(async () => {
    ({ page, site } = await pages.fresh());
    spilt = [];
    site.settings = {
      ...site.settings,
      methods: [...METHODS],
      proxy: { path: '/sip', domain: 'ringproof.test', passwordRequired: true },
    };
    site.details = {
      word: 'maple',
      // Not the language of the page, so that this is told as well.
      locale: 'ja',
      dialIn: { number: '+12025550199' },
      transaction: { amount: '1249.90 EUR', payee: 'Bookshop', spoken: false },
    };
  });

  afterAll(() => pages.close());

  /** Waits until this is there, and notes what does not fit. */
  async function look(state: string, selector: string): Promise<void> {
    await page.locator(selector).first().waitFor();
    spilt.push(...(await page.evaluate(spills)).map((spill) => `${state}: ${spill}`));
  }

  async function submit(): Promise<void> {
    await page.locator('button[type=submit]').first().click();
  }

  async function fail(reason: OutcomeName): Promise<void> {
    move(site, { state: 'ended', outcome: reason }, { status: 'failed', reason });
    await look(reason, '.result');
    await page.locator('.ways button').first().click();
  }

  describe.each(LANGUAGES.map(({ name, tag }) => [name, tag]))('the pages speak %s', (_name, tag = '') => {
    beforeEach(() => page.addInitScript((chosen) => localStorage.setItem('ringproof.language', chosen), tag));

    it('and no word of a visitor’s way is wider than its place', async () => {
      await openStart(page, site);
      await page.locator('.extension summary').click();
      await look('start', `:root:lang(${tag}) #extension`);
      await submit();
      await look('empty', '#number-error:not(:empty)');
      await page.locator('#number').fill('2025550123');
      for (const method of METHODS) {
        await page.locator(`input[value=${method}]`).check();
        site.details = { ...site.details, gateDigits: method === 'spoken' ? 2 : 1 };
        await submit();
        for (const state of STEPS) {
          move(site, { state });
          await look(`${method} ${state}`, '.row.now');
        }
        move(site, { state: 'ended', outcome: 'rejected' });
        await look(`${method} ended`, '.note:not([hidden])');
        await page
          .locator('.ways button')
          .nth(method === 'dial-in' ? 2 : 1)
          .click();
        await page.locator('#number').waitFor();
      }
      await page.locator('input[value=keypad]').check();
      await submit();
      for (const reason of ['no-input', 'unreachable', 'trunk-unavailable', 'invalid-number'] as const) {
        await page.locator('.timeline, #number').first().waitFor();
        await fail(reason);
      }
      expect(spilt).toEqual([]);
    });

    it('and no word of the test phone is wider than its place', async () => {
      await openPhone(page, site);
      await look('off', `:root:lang(${tag}) #phone-number`);
      await ringPhone(page, site);
      await look('ringing', '[data-state=ringing]');
      await page.locator('.calls .primary').click();
      await look('talking', '[data-state=talking]');
      site.exchange.hangUp();
      await look('ended', '[data-state=ended]');
      expect(spilt).toEqual([]);
    });
  });
});

/** Runs in the page: what is wider than its own box, or stands out of its card. */
function spills(): string[] {
  const found: string[] = [];
  for (const element of document.body.querySelectorAll<HTMLElement>('.masthead *, .column *')) {
    const frame = element.closest('.card, .masthead, .column')?.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    if (!frame || box.width <= 1 || element.closest('.unseen')) continue;
    const isOut = box.left < frame.left || box.right > frame.right;
    const isTooWide = element.clientWidth > 0 && element.scrollWidth > element.clientWidth && !element.matches('input');
    if (isOut || isTooWide) found.push(`${element.tagName}.${element.className} ${element.textContent}`);
  }
  return found;
}
