import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { en, type Words } from '../../client/words/en.ts';
import { zh } from '../../client/words/zh.ts';
import { OUTCOMES } from '../../server/verification/call.ts';
import { describeWith } from '../support/needs.ts';
import type { FakeSite } from './support/fake-site.ts';
import { move, openStart, startCall } from './support/page-states.ts';
import { TestSite } from './support/test-site.ts';

describeWith(['chromium'], 'the visitor’s page', () => {
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
  const button = (name: string) => page.getByRole('button', { name });
  const speak = (words: Words) => page.getByRole('combobox').first().selectOption(words.tag);
  const fold = () => page.getByText(en.start.extension.ask);
  const extension = () => page.getByLabel(en.start.extension.label, { exact: true });
  const callExtension = async (keys: string) => {
    await page.locator('#number').fill('2025550123');
    await fold().click();
    await extension().fill(keys);
    await button('Call me').click();
  };
  const sent = (call: string) => site.requests.filter(({ method, path }) => `${method} ${path}` === call);

  const boxes = async () => (await page.locator('.box').allInnerTexts()).join('').trim();
  const checks = () => sent('POST /v1/verifications/ver_1/check').map(({ body }) => body.code);

  describe('what page and call share', () => {
    it('is shown: the word that the call says, and what is approved', async () => {
      site.details = { word: 'maple', transaction: { amount: '49.90 EUR', payee: 'Bookshop', spoken: false } };
      await startCall(page, site, 'keypad');
      expect(await page.locator('.shared-word p').first().innerText()).toBe('The call will say maple');
      expect(await page.locator('.payment').innerText()).toMatch(/EUR.49\.90\s+to\s+Bookshop/);
    });

    it('is shown again after a reload', async () => {
      site.details = { word: 'maple' };
      await startCall(page, site, 'keypad');
      await page.reload();
      expect(await page.locator('.shared-word strong').innerText()).toBe('maple');
    });

    it('is not spoken of where there is nothing', async () => {
      await startCall(page, site, 'keypad');
      expect(await page.locator('.shared-word, .payment').count()).toBe(0);
    });
  });

  describe('entering a number', () => {
    it('writes it as the country does, while it is typed', async () => {
      await openStart(page, site);
      await page.locator('#number').pressSequentially('2025550123');
      expect(await page.locator('#number').inputValue()).toBe('(202) 555-0123');
    });

    it('lets a + prefix choose the country', async () => {
      await openStart(page, site);
      await page.locator('#number').pressSequentially('+8613800138000');
      expect(await page.locator('#country').inputValue()).toBe('CN');
    });

    it.each([
      [false, en.start.numberHint],
      [true, en.start.numberOrSipHint],
    ])('tells what can be called, where SIP addresses can: %s', async (sipAddresses, hint) => {
      site.settings = { ...site.settings, sipAddresses };
      await openStart(page, site);
      expect(await page.locator('#number-hint').textContent()).toBe(hint);
    });

    it('lets a bracket be deleted', async () => {
      await openStart(page, site);
      await page.locator('#number').pressSequentially('202');
      await page.keyboard.press('Backspace');
      await page.keyboard.press('Backspace');
      expect(await page.locator('#number').inputValue()).toMatch(/^\D*20$/);
    });

    it('sends the number, the method, the voice’s language and a key that makes a second try harmless', async () => {
      await startCall(page, site, 'spoken');
      const [creation] = sent('POST /v1/verifications');
      expect(creation?.body).toEqual({ to: '+12025550123', method: 'spoken', sayWord: true, locale: 'en' });
      expect(creation?.headers['idempotency-key']).toMatch(/^[\da-f]{32}$/);
    });

    it('uses the same key again when the answer got lost', async () => {
      await openStart(page, site);
      await page.locator('#number').fill('2025550123');
      await page.route('**/v1/verifications', async (route) => {
        await route.fetch();
        await route.abort('connectionreset');
      });
      await button('Call me').click();
      await page.getByText(en.trouble.offline).waitFor();
      await page.unroute('**/v1/verifications');
      await button('Call me').click();
      await page.locator('.timeline').waitFor();
      const keys = sent('POST /v1/verifications').map(({ headers }) => headers['idempotency-key']);
      expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
    });

    it.each(['1001', 'sip:alice@example.com'])('sends %s as it was typed', async (to) => {
      await openStart(page, site);
      await page.locator('#number').pressSequentially(to);
      await button('Call me').click();
      await page.locator('.timeline').waitFor();
      expect(sent('POST /v1/verifications')[0]?.body.to).toBe(to);
    });

    it('says what is wrong at the field, and puts the cursor there', async () => {
      await openStart(page, site);
      await page.locator('#number').fill('2025550');
      await button('Call me').click();
      expect([
        await page.locator('#number-error').innerText(),
        await page.evaluate(() => document.activeElement?.id),
        sent('POST /v1/verifications').length,
      ]).toEqual([en.start.tooShort('United States'), 'number', 0]);
    });

    it('shows the server’s objection to a number at the field too', async () => {
      site.refuse('POST /v1/verifications', [422, 'number_not_allowed']);
      await openStart(page, site);
      await page.locator('#number').fill('2025550123');
      await button('Call me').click();
      await expect.poll(() => page.locator('#number-error').innerText()).toBe(en.refusals.number_not_allowed);
    });

    it('says when to try again while no call can be placed', async () => {
      site.refuse('POST /v1/verifications', [503, 'telephony_unavailable'], { 'Retry-After': '30' });
      await openStart(page, site);
      await page.locator('#number').fill('2025550123');
      await button('Call me').click();
      await expect.poll(() => page.getByRole('alert').last().innerText()).toContain('30 seconds');
    });

    it('points to the test phone where there is one', async () => {
      await openStart(page, site);
      expect(await page.getByRole('link', { name: /test phone/ }).getAttribute('href')).toBe('/phone');
    });

    it('does not where calls go out by a real line', async () => {
      const { proxy: _absent, ...settings } = site.settings;
      site.settings = settings;
      await openStart(page, site);
      expect(await page.getByRole('link').count()).toBe(0);
    });

    it('tries again when the server did not answer', async () => {
      site.refuse('GET /v1/settings', [503, 'starting']);
      await page.goto(site.origin);
      await page.getByRole('heading', { name: en.trouble.noSettings.heading }).waitFor();
      site.refusals.clear();
      await button('Try again').click();
      await expect.poll(heading).toBe(en.start.heading);
    });
  });

  describe('a company line', () => {
    it('is not in the way of others', async () => {
      await startCall(page, site, 'keypad');
      expect(sent('POST /v1/verifications')[0]?.body).not.toHaveProperty('extension');
    });

    it('has an extension, which is sent, and shown with the number that is rung', async () => {
      await openStart(page, site);
      await callExtension(',,1w204#');
      await page.locator('.timeline').waitFor();
      expect([sent('POST /v1/verifications')[0]?.body.extension, await page.locator('.lede').innerText()]).toEqual([
        ',,1w204#',
        `for ${en.call.withExtension('+1\u00A0202\u00A0555\u00A00123', ',,1w204#')}`,
      ]);
    });

    it('is told what is wrong with its extension at the field', async () => {
      await openStart(page, site);
      await callExtension('desk 12');
      expect([
        await page.locator('#extension-error').innerText(),
        await page.evaluate(() => document.activeElement?.id),
        sent('POST /v1/verifications').length,
      ]).toEqual([en.start.extension.notKeys, 'extension', 0]);
    });

    it('keeps its extension when the language changes, and when it is called again', async () => {
      await openStart(page, site);
      await page.locator('#number').fill('2025550123');
      await fold().click();
      await extension().fill('204');
      await speak(zh);
      await page.getByRole('button', { name: zh.start.submit }).click();
      await page.locator('.timeline').waitFor();
      move(site, { state: 'ended', outcome: 'busy' }, { status: 'failed', reason: 'busy' });
      await button(zh.result.tryAgain).click();
      await page.locator('.timeline').waitFor();
      expect(sent('POST /v1/verifications').map(({ body }) => body.extension)).toEqual(['204', '204']);
    });

    it('may write it behind the number, as on a business card', async () => {
      await openStart(page, site);
      await page.locator('#number').fill('(202) 555-0123 ext. 204');
      await page.locator('#number').blur();
      expect([await page.locator('#number').inputValue(), await extension().inputValue()]).toEqual([
        '+1 202 555 0123',
        '204',
      ]);
    });

    it('cannot be meant where the visitor calls', async () => {
      site.settings = { ...site.settings, methods: ['keypad', 'dial-in'] };
      await openStart(page, site);
      await fold().click();
      await extension().fill('204');
      await page.locator('input[value=dial-in]').check();
      expect(await fold().isVisible()).toBe(false);
      await page.locator('#number').fill('2025550123');
      await button(en.start.submitDialIn).click();
      await page.locator('.timeline').waitFor();
      expect(sent('POST /v1/verifications')[0]?.body).not.toHaveProperty('extension');
    });
  });

  describe('keying the code on the phone', () => {
    beforeEach(() => startCall(page, site, 'keypad'));

    it('shows the code in groups, and says it digit by digit to a screen reader', async () => {
      expect([
        await page.locator('.code .group').allTextContents(),
        await page.locator('.code-display .unseen').textContent(),
      ]).toEqual([['482', '913'], en.call.codeIs('4 8 2, 9 1 3')]);
    });

    it('moves the focus to the heading of the new step', async () => {
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    });

    it('shows and announces each step as it happens', async () => {
      const seen: string[] = [];
      for (const state of ['dialing', 'ringing', 'answered', 'gate', 'collecting'] as const) {
        move(site, { state });
        const { now } = en.steps[state];
        await page.locator('[aria-current=step]', { hasText: now }).waitFor();
        await expect.poll(() => page.getByRole('status').last().textContent()).toContain(now);
        seen.push(await page.locator('[aria-current=step] .row-title').innerText());
      }
      expect(seen).toEqual(['Calling', 'Ringing', 'Answered', 'Press the digit you hear', 'Key the code']);
    });

    it('announces no step any more once the verification is over', async () => {
      move(site, { state: 'ringing' });
      await expect.poll(() => page.getByRole('status').last().textContent()).toContain(en.steps.ringing.now);
      move(site, { state: 'ringing' }, { status: 'canceled', reason: 'superseded' });
      await page.getByRole('heading', { name: en.result.superseded.heading }).waitFor();
      expect(await page.getByRole('status').last().textContent()).toBe('');
    });

    it('lights up a digit for each key that arrived', async () => {
      move(site, { state: 'collecting', keys: 4 });
      await page.getByRole('img', { name: en.call.keysArrived(4, 6) }).waitFor();
      expect(await page.locator('.digit.keyed').count()).toBe(4);
    });

    it('counts the tries after a wrong code', async () => {
      move(site, { state: 'collecting', keys: 6 });
      move(site, { state: 'collecting', keys: 0 }, { attemptsLeft: 4 });
      await expect.poll(() => page.getByRole('alert').innerText()).toBe(en.call.wrongCode(4));
    });

    it('ends with the number that was proved', async () => {
      move(site, { state: 'verdict' }, { status: 'verified' });
      await page.getByRole('heading', { name: 'Verified' }).waitFor();
      expect(await page.locator('.lede').innerText()).toContain('+1\u00A0202\u00A0555\u00A00123');
    });

    it('survives a reload with its code', async () => {
      move(site, { state: 'ringing' });
      await page.reload();
      await page.locator('[aria-current=step]', { hasText: 'Ringing' }).waitFor();
      expect((await page.locator('.digit').allInnerTexts()).join('')).toBe('482913');
    });

    it('starts afresh when the server no longer knows it, and says so', async () => {
      site.refuse('GET /v1/verifications/ver_1/events', [404, 'verification_not_found']);
      site.breakStreams();
      await expect.poll(() => page.getByRole('alert').last().innerText()).toBe(en.refusals.verification_not_found);
      expect(await heading()).toBe(en.start.heading);
    });

    it('shows a lost connection, and heals with what was missed', async () => {
      move(site, { state: 'dialing' });
      await page.locator('[aria-current=step]', { hasText: 'Calling' }).waitFor();
      site.refuse('GET /v1/verifications/ver_1/events', [503, 'starting']);
      site.breakStreams();
      await page.getByText(en.call.connectionLost).waitFor();
      site.refusals.clear();
      move(site, { state: 'ringing' });
      await button(en.call.reconnect).click();
      await page.locator('[aria-current=step]', { hasText: 'Ringing' }).waitFor();
      expect([
        await page.getByText(en.call.connectionLost).count(),
        sent('GET /v1/verifications/ver_1/events').at(-1)?.headers['last-event-id'],
      ]).toEqual([0, '1']);
    });

    it('never puts the token in an address', () => {
      expect(site.requests.filter(({ path }) => path.includes('token'))).toEqual([]);
    });

    it('cancels, and offers to start again', async () => {
      await button('Cancel').click();
      await page.getByRole('heading', { name: en.result.canceled.heading }).waitFor();
      await button('Start again').click();
      await page.locator('.timeline').waitFor();
      expect(sent('POST /v1/verifications')).toHaveLength(2);
    });
  });

  describe('typing the code that was heard', () => {
    beforeEach(async () => {
      await startCall(page, site, 'spoken');
      move(site, { state: 'speaking' });
      await page.locator('#code').focus();
    });

    it('sends it as soon as the last box is full', async () => {
      site.onCheck = () => ({ ...site.view, status: 'verified' });
      await page.keyboard.type('482913');
      await page.getByRole('heading', { name: 'Verified' }).waitFor();
      expect(checks()).toEqual(['482913']);
    });

    it('takes a whole code that is pasted, whatever stands around it', async () => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.origin });
      await page.evaluate(() => navigator.clipboard.writeText('Code: 482-913.'));
      await page.keyboard.press('Control+V');
      await vi.waitFor(() => expect(checks()).toEqual(['482913']));
    });

    it('goes back with the arrow keys and types over a digit', async () => {
      await page.keyboard.type('48');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Backspace');
      await page.keyboard.type('7');
      expect(await boxes()).toBe('78');
    });

    it('does not take letters', async () => {
      await page.keyboard.type('4a8-2');
      expect(await boxes()).toBe('482');
    });

    it('says how many digits it wants when there are fewer', async () => {
      await page.keyboard.type('482');
      await button('Check the code').click();
      expect([await page.getByRole('alert').innerText(), checks()]).toEqual([en.call.incomplete(6), []]);
    });

    it('empties the boxes after a wrong code and says how many tries are left', async () => {
      site.onCheck = () => ({ ...site.view, attemptsLeft: 4 });
      await page.keyboard.type('111111');
      await expect.poll(() => page.getByRole('alert').innerText()).toBe(en.call.wrongCode(4));
      expect([await boxes(), await page.evaluate(() => document.activeElement?.id)]).toEqual(['', 'code']);
    });

    it('keeps the boxes and offers another call after the phone hung up', async () => {
      move(site, { state: 'ended', outcome: 'hung-up' });
      await button(en.call.again).click();
      await expect.poll(() => site.view.call.number).toBe(2);
      await page.locator('[aria-current=step]').waitFor();
      expect([await heading(), sent('POST /v1/verifications/ver_1/calls').length]).toEqual([en.call.spokenHeading, 1]);
    });

    it('changes the number or the method by canceling first', async () => {
      move(site, { state: 'ended', outcome: 'hung-up' });
      await button(en.call.change).click();
      await expect.poll(heading).toBe(en.start.heading);
      expect(sent('DELETE /v1/verifications/ver_1')).toHaveLength(1);
    });

    it('is one field with one label to a screen reader, ready for a one-time code', async () => {
      expect([
        await page.getByRole('textbox').count(),
        await page.getByLabel(en.call.codeLabel(6)).getAttribute('autocomplete'),
      ]).toEqual([1, 'one-time-code']);
    });
  });

  describe('after a failure', () => {
    it.each(OUTCOMES)('says in plain words what happened and has a way on: %s', async (reason) => {
      await startCall(page, site, 'keypad');
      move(site, { state: 'ended', outcome: reason }, { status: 'failed', reason });
      await page.getByRole('heading', { name: en.failures[reason].heading }).waitFor();
      await page.locator('.ways button').first().click();
      await expect.poll(heading).toMatch(new RegExp(`^(${en.call.keypadHeading}|${en.start.heading})$`));
    });

    it('promises no silence to a caller who says that nobody asked', async () => {
      site.settings = { ...site.settings, methods: ['keypad', 'dial-in'] };
      await startCall(page, site, 'dial-in');
      move(site, { state: 'ended', outcome: 'reported' }, { status: 'failed', reason: 'reported' });
      await page.getByText(en.dialIn.reportedText).waitFor();
      expect(await page.getByText(en.failures.reported.text).count()).toBe(0);
    });

    it('can go the other way when no key arrived', async () => {
      await startCall(page, site, 'keypad');
      move(site, { state: 'ended', outcome: 'no-input' }, { status: 'failed', reason: 'no-input' });
      await button(en.result.useSpoken).click();
      await page.locator('#code').waitFor();
      expect(sent('POST /v1/verifications').at(-1)?.body.method).toBe('spoken');
    });
  });

  describe('its language', () => {
    it('changes with the switch, in the middle of a call, and is kept', async () => {
      await startCall(page, site, 'keypad');
      await speak(zh);
      await expect.poll(heading).toBe(zh.call.keypadHeading);
      await page.reload();
      await expect.poll(heading).toBe(zh.call.keypadHeading);
      expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
      await speak(en);
      await expect.poll(heading).toBe(en.call.keypadHeading);
    });

    it('asks for the voice of the chosen language', async () => {
      await openStart(page, site);
      await speak(zh);
      await expect.poll(heading).toBe(zh.start.heading);
      await page.locator('#number').fill('2025550123');
      await button(zh.start.submit).click();
      await page.locator('.timeline').waitFor();
      await speak(en);
      expect(sent('POST /v1/verifications')[0]?.body.locale).toBe('zh');
    });

    it('leaves the voice’s to the server where the page speaks none of the visitor’s', async () => {
      await page.addInitScript(() => Object.defineProperty(navigator, 'languages', { value: ['ja-JP', 'ja'] }));
      await startCall(page, site, 'keypad');
      expect([await heading(), 'locale' in (sent('POST /v1/verifications')[0]?.body ?? {})]).toEqual([
        en.call.keypadHeading,
        false,
      ]);
    });

    it('says which language the voice speaks, where it is another', async () => {
      site.details = { locale: 'es' };
      await startCall(page, site, 'keypad');
      expect(await page.getByText('The voice speaks Spanish.').count()).toBe(1);
    });

    it('stays as it was when the words of another cannot be had, and says so', async () => {
      await startCall(page, site, 'keypad');
      await page.route('**/assets/zh-*', (route) => route.abort());
      await speak(zh);
      await expect.poll(() => page.getByRole('status').last().textContent()).toBe(en.trouble.offline);
      expect([await heading(), await page.locator('#language').inputValue()]).toEqual([en.call.keypadHeading, 'en']);
    });
  });

  it('can be used by keyboard alone, from the number to the result', async () => {
    await openStart(page, site);
    const order: string[] = [];
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press('Tab');
      order.push(
        await page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim() || 'radio'),
      );
    }
    expect(order).toEqual(['language', 'country', 'number', en.start.extension.ask, 'radio', 'Call me']);
    await page.locator('#number').focus();
    await page.keyboard.type('2025550123');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: en.call.spokenHeading }).waitFor();
    site.onCheck = () => ({ ...site.view, status: 'verified' });
    await page.keyboard.press('Tab');
    await page.keyboard.type('482913');
    await page.getByRole('heading', { name: 'Verified' }).waitFor();
  });

  it('moves nothing for someone who asked for less motion', async () => {
    await startCall(page, site, 'keypad');
    move(site, { state: 'gate' });
    await page.locator('[aria-current=step]', { hasText: en.steps.gate.now }).waitFor();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});
