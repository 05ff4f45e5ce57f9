import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PageSettings } from '../../../server/http/contract.ts';
import { startApi } from './api-server.ts';

async function pages(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ringproof-pages-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<title>visitor</title>');
  await writeFile(join(folder, 'phone.html'), '<title>phone</title>');
  await writeFile(join(folder, 'assets/index-4f3a.js'), 'export {};');
  return folder;
}

/** Not with fetch, which tidies paths and turns caches off. */
async function statusOf(port: number, path: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ port, path, headers, host: '127.0.0.1' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('the pages', () => {
  it.each([
    ['/', 'visitor'],
    ['/phone', 'phone'],
  ])('are at %s', async (path, title) => {
    const { url } = await startApi({ pages: await pages() });
    const response = await fetch(`${url}${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toContain(title);
  });

  it('are asked for again, and not sent again when nothing changed', async () => {
    const { url, port } = await startApi({ pages: await pages() });
    const { headers } = await fetch(url);
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(await statusOf(port, '/', { 'if-none-match': headers.get('etag') ?? '' })).toBe(304);
  });

  it('have assets that may be kept for ever', async () => {
    const { url } = await startApi({ pages: await pages() });
    const { headers } = await fetch(`${url}/assets/index-4f3a.js`);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('content-type')).toContain('javascript');
  });

  it.each([
    '/../package.json',
    '/assets/../../package.json',
    '/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '/phone.html/..',
  ])('lead nowhere else: %s', async (path) => {
    const { port } = await startApi({ pages: await pages() });
    expect(await statusOf(port, path)).toBe(404);
  });

  it('may load from this server only, and talk to its WebSocket', async () => {
    const { url, port } = await startApi({ pages: await pages() });
    const { headers } = await fetch(url);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${port} wss://127.0.0.1:${port}`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('are not there when they were not built, and the API still is', async () => {
    const { ask } = await startApi();
    expect(await ask('/')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await ask('/v1/settings')).toMatchObject({ status: 200 });
  });
});

describe('GET /v1/settings', () => {
  it('tells the pages what they need to know', async () => {
    const { ask } = await startApi();
    const { body } = await ask<PageSettings>('/v1/settings');
    expect(body).toEqual({
      operatorName: 'Ringproof',
      codeLength: 6,
      methods: ['keypad', 'spoken'],
      locales: ['de', 'en', 'es', 'fr', 'pt', 'zh'],
      defaultCountry: 'US',
      sipAddresses: false,
      openToVisitors: true,
    });
  });
});

describe('health', () => {
  it('is alive whatever the telephone does', async () => {
    const { ask, telephony } = await startApi();
    telephony.current = { ready: false, reason: 'gateway-down', detail: 'it stopped' };
    expect(await ask('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('is ready when store and telephone are', async () => {
    const { ask } = await startApi();
    expect(await ask('/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ready', store: { ready: true }, telephony: { ready: true } },
    });
  });

  it('says why it is not ready', async () => {
    const { ask, telephony } = await startApi();
    telephony.current = { ready: false, reason: 'trunk-refused', detail: '403 Forbidden' };
    expect(await ask('/readyz')).toMatchObject({
      status: 503,
      body: { status: 'unavailable', telephony: { ready: false, reason: 'trunk-refused', detail: '403 Forbidden' } },
    });
  });

  it('gives every answer an id', async () => {
    const { ask } = await startApi();
    const ids = await Promise.all(
      ['/healthz', '/nowhere'].map(async (path) => (await ask(path)).headers.get('x-request-id')),
    );
    expect(new Set(ids).size).toBe(2);
    expect(ids).not.toContain(null);
  });
});
