import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { RingproofProcess } from '../support/ringproof-process.ts';
import { startBrowser, type TestBrowser } from './support/browser.ts';
import { digitsAfter, TabEar } from './support/tab-ear.ts';

const A_CALL = 90_000;
/** Someone who missed the digit, or the code, waits until it is said again. */
const GATE = ['gate-ask', 'gate-still-there', 'gate-wrong'] as const;
const CODE = ['code-intro', 'code-repeat', 'code-last'] as const;
/** Of full scale; speech on a telephone has 0.05 to 0.2, a silent line 0. */
const AUDIBLE = 0.02;

describeWith(['chromium'], 'the visitor’s page and the test phone in two tabs, with real WebRTC', () => {
  let ringproof: RingproofProcess;
  let browser: TestBrowser;
  let visitor: Page;
  let phone: Page;
  let ear: TabEar;

  beforeAll(async () => {
    ringproof = await RingproofProcess.start();
    browser = await startBrowser();
    phone = await browser.context.newPage();
    ear = await TabEar.putIn(phone, 'en');
    await phone.goto(`${ringproof.url}/phone`);
    await phone.getByRole('button', { name: 'Connect' }).click();
    await phone.getByText('Ready').waitFor();
  });

  beforeEach(async () => {
    // A phone that still hears the last call's goodbye is busy.
    await phone.getByText(/Waiting for (a|the next) call/).waitFor();
    await ear.forget();
    visitor = await browser.context.newPage();
    await visitor.goto(ringproof.url);
    await visitor.getByLabel('Phone number').fill('202 555 0123');
  });

  afterEach(async () => {
    await visitor.close();
  });

  afterAll(async () => {
    await browser?.close();
    await ringproof?.stop();
  });

  async function answerAndPassTheGate(): Promise<void> {
    await phone.getByRole('button', { name: 'Answer' }).click();
    await visitor.getByText('Press the digit you hear').waitFor();
    const digit = await ear.until((heard) => digitsAfter(heard, GATE, 1));
    expect(await ear.loudness()).toBeGreaterThan(AUDIBLE);
    await ear.forget();
    await press(digit);
  }

  async function press(keys: string): Promise<void> {
    for (const key of keys) await phone.getByRole('button', { name: key, exact: true }).click();
  }

  async function resultOnBothSides(): Promise<readonly string[]> {
    const heading = visitor.getByRole('heading', { name: 'Verified' });
    await heading.waitFor();
    const verdict = await ear.until((heard) => heard.find(({ prompt }) => prompt.startsWith('verdict-')));
    return [await heading.innerText(), verdict.prompt];
  }

  it(
    'verifies by keypad: the page shows the code, the phone hears what to press and keys it',
    async () => {
      await visitor.getByRole('button', { name: 'Call me' }).click();
      await visitor.locator('.digit').first().waitFor();
      const code = (await visitor.locator('.digit').allTextContents()).join('');
      await answerAndPassTheGate();
      await ear.until((heard) => heard.find(({ prompt }) => prompt === 'keypad-ask'));
      await ear.forget();
      await press(code);
      expect(await resultOnBothSides()).toEqual(['Verified', 'verdict-verified']);
    },
    A_CALL,
  );

  it(
    'verifies by voice: the phone hears the code, the page takes it',
    async () => {
      await visitor.getByRole('radio', { name: /Hear a code/ }).check();
      await visitor.getByRole('button', { name: 'Call me' }).click();
      await answerAndPassTheGate();
      const code = await ear.until((heard) => digitsAfter(heard, CODE, 6));
      await visitor.getByLabel('Code, 6 digits').fill(code);
      expect(await resultOnBothSides()).toEqual(['Verified', 'verdict-verified']);
    },
    A_CALL,
  );

  it(
    'verifies by a call of the phone: the page shows number and code, the phone calls and keys',
    async () => {
      await visitor.getByRole('radio', { name: /Call us/ }).check();
      await visitor.getByRole('button', { name: 'Show me the number' }).click();
      await visitor.locator('.digit').first().waitFor();
      const code = (await visitor.locator('.digit').allTextContents()).join('');
      const number = await visitor.locator('a[href^="tel:"]').innerText();
      await phone.getByLabel('Call a number').fill(number);
      await phone.getByRole('button', { name: 'Call', exact: true }).click();
      await ear.until((heard) => heard.find(({ prompt }) => prompt === 'keypad-ask'));
      await ear.forget();
      await press(code);
      expect(await resultOnBothSides()).toEqual(['Verified', 'verdict-verified']);
    },
    A_CALL,
  );
});
