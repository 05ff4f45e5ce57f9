import type { BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser, type TestBrowser } from './browser.ts';
import { FakeSite } from './fake-site.ts';
import { buildPages, type PagesBuild } from './pages-build.ts';

/** Chromium and the built pages, once for a file; a fresh site and tab for each test. */
export class TestSite {
  readonly browser: TestBrowser;
  readonly #pages: PagesBuild;
  #site: FakeSite | undefined;
  #page: Page | undefined;
  readonly #faults: string[] = [];

  private constructor(browser: TestBrowser, pages: PagesBuild) {
    this.browser = browser;
    this.#pages = pages;
  }

  static async open(options: BrowserContextOptions = {}): Promise<TestSite> {
    const pages = await buildPages();
    return new TestSite(await startBrowser(options), pages);
  }

  async fresh(): Promise<{ readonly page: Page; readonly site: FakeSite }> {
    await this.#closeTab();
    const site = new FakeSite(this.#pages.folder);
    await site.open();
    this.#site = site;
    const page = await this.browser.context.newPage();
    this.#page = page;
    page.on('pageerror', (error) => this.#faults.push(String(error)));
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) this.#faults.push(message.text());
    });
    return { page, site };
  }

  /** Exceptions in the page, and what its Content-Security-Policy refused. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  async close(): Promise<void> {
    await this.#closeTab();
    await this.browser.close();
    await this.#pages.remove();
  }

  async #closeTab(): Promise<void> {
    await this.#page?.close();
    await this.#site?.close();
    this.#page = undefined;
    this.#site = undefined;
    this.#faults.length = 0;
  }
}
