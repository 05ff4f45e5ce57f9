import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { PHONE_STATES, VISITOR_STATES } from './support/page-states.ts';
import { TestSite } from './support/test-site.ts';

declare global {
  interface Window {
    axe: { run(): Promise<AxeResults> };
  }
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const STATES = [...VISITOR_STATES, ...PHONE_STATES];

describeWith(['chromium'], 'every state of the pages', () => {
  describe.each([
    ['light, English', { locale: 'en-US', colorScheme: 'light' }],
    ['dark, Chinese', { locale: 'zh-CN', colorScheme: 'dark' }],
  ] as const)('in %s', (_name, options) => {
    let pages: TestSite;
    let axe: string;

    beforeAll(async () => {
      // Still pictures: a colour that is on its way to another has neither's contrast.
      pages = await TestSite.open({ ...options, reducedMotion: 'reduce' });
      axe = await readFile(AXE, 'utf8');
    });

    afterAll(() => pages.close());

    it.each(STATES.map((state) => [state.name, state] as const))(
      'has no accessibility violation and fits a 360 px screen: %s',
      async (_state, { bring }) => {
        const { page, site } = await pages.fresh();
        await bring(page, site);
        expect({
          violations: await violations(page, axe),
          width: await page.evaluate(() => document.documentElement.scrollWidth),
          faults: pages.faults,
        }).toEqual({ violations: [], width: 360, faults: [] });
      },
    );
  });
});

async function violations(page: Page, axe: string): Promise<readonly string[]> {
  // By the debugger's hand, which no Content-Security-Policy binds.
  await page.evaluate(axe);
  const results = await page.evaluate(() => window.axe.run());
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
