import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { en } from '../../client/words/en.ts';
import { describeWith } from '../support/needs.ts';
import type { FakeSite } from './support/fake-site.ts';
import { answerPhone, connectPhone, openPhone, phoneIs, ringPhone } from './support/page-states.ts';
import { TestSite } from './support/test-site.ts';

describeWith(['chromium'], 'the test phone', () => {
  let pages: TestSite;
  let page: Page;
  let site: FakeSite;

  beforeAll(async () => {
    pages = await TestSite.open();
  });

  beforeEach(async () => {
    ({ page, site } = await pages.fresh());
  });

  afterAll(() => pages.close());

  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('has a number from the start, and registers it', async () => {
    await connectPhone(page, site);
    expect(site.exchange.received[0]).toMatch(/^REGISTER sip:ringproof\.test SIP\/2\.0\r\n[^]*To: <sip:\+12025550123@/);
  });

  it('wants a number, says so at the field, and puts the cursor there', async () => {
    await openPhone(page, site);
    await page.locator('#phone-number').fill('  ');
    await button('Connect').click();
    expect([
      await page.locator('#phone-number-error').innerText(),
      await page.evaluate(() => document.activeElement?.id),
      await page.locator('#phone-number').getAttribute('aria-invalid'),
    ]).toEqual([en.phone.needNumber, 'phone-number', 'true']);
  });

  it('wants a number to call, says so at the field, and forgives when one is typed', async () => {
    await connectPhone(page, site);
    await button(en.phone.call).click();
    expect([
      await page.locator('#number-to-call-error').innerText(),
      await page.evaluate(() => document.activeElement?.id),
    ]).toEqual([en.phone.needNumberToCall, 'number-to-call']);
    await page.keyboard.type('2');
    expect(await page.locator('#number-to-call').getAttribute('aria-invalid')).toBeNull();
  });

  it('shows who calls, and puts the focus on Answer', async () => {
    await ringPhone(page, site);
    expect([
      await page.locator('.display-text').innerText(),
      await page.evaluate(() => document.activeElement?.textContent),
      await page.title(),
    ]).toEqual([en.phone.from('Ringproof'), 'Answer', 'Incoming call · Test phone']);
  });

  it('answers without a microphone', async () => {
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none', 'NotAllowedError'));
    });
    await answerPhone(page, site);
    expect(site.exchange.answers).toEqual(['200 OK']);
  });

  it('sends the keys of its pad and of the keyboard as SIP INFO, one for each press', async () => {
    await answerPhone(page, site);
    await button('1').click();
    await page.keyboard.type('23#');
    await button('Star').click();
    await vi.waitFor(() => expect(site.exchange.keys.join('')).toBe('123#*'), 5000);
    expect([
      await page.locator('.sent').innerText(),
      site.exchange.received.filter((message) => /^Content-Type: application\/dtmf-relay/m.test(message)).length,
    ]).toEqual(['123#*', 5]);
  });

  it('says when a key was not taken', async () => {
    site.exchange.infoStatus = '500 Server Internal Error';
    await answerPhone(page, site);
    await page.keyboard.press('5');
    await expect.poll(() => page.getByRole('alert').innerText()).toBe(en.phone.notSent('5'));
  });

  it('takes no keys without a call', async () => {
    await connectPhone(page, site);
    await page.keyboard.press('5');
    expect([await button('5').isDisabled(), await page.locator('.sent').innerText()]).toEqual([
      true,
      en.phone.noneSent,
    ]);
  });

  it('declines', async () => {
    await ringPhone(page, site);
    await button('Decline').click();
    await vi.waitFor(() => expect(site.exchange.answers).toEqual(['603 Decline']));
  });

  it('hangs up', async () => {
    await answerPhone(page, site);
    await button('Hang up').click();
    await phoneIs(page, 'ended');
    await vi.waitFor(() => expect(site.exchange.received.some((message) => message.startsWith('BYE '))).toBe(true));
  });

  it('stops ringing when the caller gives up', async () => {
    await ringPhone(page, site);
    site.exchange.cancel();
    await phoneIs(page, 'ended');
    expect(await button('Answer').isVisible()).toBe(false);
  });

  it('rings again for the next call', async () => {
    await answerPhone(page, site);
    site.exchange.hangUp();
    await phoneIs(page, 'ended');
    site.exchange.call();
    await phoneIs(page, 'ringing');
    await button('Answer').click();
    await phoneIs(page, 'talking');
    expect(site.exchange.answers).toEqual(['200 OK', '200 OK']);
  });

  it('comes back by itself after the connection was lost', async () => {
    await connectPhone(page, site);
    site.exchange.drop();
    await phoneIs(page, 'retrying');
    await phoneIs(page, 'ready');
    expect(site.exchange.isRegistered).toBe(true);
  });

  it('keeps trying while the proxy is not ready to register it', async () => {
    site.exchange.registerStatus = '503 Service Unavailable';
    await openPhone(page, site);
    await button('Connect').click();
    await phoneIs(page, 'retrying');
    site.exchange.registerStatus = '200 OK';
    await phoneIs(page, 'ready');
    expect(site.exchange.isRegistered).toBe(true);
  });

  it('asks for the password where the proxy wants one, and says when it is refused', async () => {
    site.settings = { ...site.settings, proxy: { path: '/sip', domain: 'ringproof.test', passwordRequired: true } };
    site.exchange.registerStatus = '403 Forbidden';
    await openPhone(page, site);
    await page.getByLabel(en.phone.password).fill('wrong');
    await button('Connect').click();
    await expect.poll(() => page.getByRole('alert').innerText()).toBe(en.phone.states.refused.text);
  });

  it('takes its number off the proxy when it is disconnected', async () => {
    await connectPhone(page, site);
    await button('Disconnect').click();
    await page.locator('#phone-number').waitFor();
    await vi.waitFor(() => expect(site.exchange.received.at(-1)).toMatch(/^REGISTER[^]*(Expires: 0|expires=0)/));
  });

  it('keeps its call when the language changes', async () => {
    await answerPhone(page, site);
    await page.locator('#language').selectOption('zh-CN');
    await page.locator('[data-state=talking] .display-title', { hasText: '通话中' }).waitFor();
    await page.locator('#language').selectOption('en');
    await page.locator('[data-state=talking] .display-title', { hasText: en.phone.states.talking.title }).waitFor();
    await page.keyboard.press('7');
    await vi.waitFor(() => expect(site.exchange.keys).toEqual(['7']));
  });

  it('says when no sound arrives', async () => {
    await answerPhone(page, site);
    await expect.poll(() => page.getByRole('alert').innerText(), { timeout: 9000 }).toBe(en.phone.noSound);
  });

  it('is not offered where calls go out by a real line', async () => {
    const { proxy: _absent, ...settings } = site.settings;
    site.settings = settings;
    await page.goto(`${site.origin}/phone`);
    await page.getByRole('heading', { name: en.phone.notOffered.heading }).waitFor();
    expect(await page.getByRole('link').getAttribute('href')).toBe('/');
  });
});
