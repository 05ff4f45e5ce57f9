import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Middleware } from 'koa';
import { allowPage } from './middleware/security-headers.ts';

interface StaticFile {
  readonly content: Buffer;
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
}

const PAGES: Readonly<Record<string, string>> = { '/': '/index.html', '/phone': '/phone.html' };

/**
 * Serves the built pages from memory: only what was in the folder at start exists, so no path can lead out of it.
 * Files under `assets/` carry a hash of their content in their name and may be kept for ever; pages are asked for again.
 */
export async function staticFiles(folder: string): Promise<Middleware> {
  const files = await readAll(folder);
  return function serveFile(ctx, next) {
    const file = files.get(PAGES[ctx.path] ?? ctx.path);
    if (!file || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    allowPage(ctx);
    ctx.status = 200;
    ctx.type = file.type;
    ctx.set('ETag', file.etag);
    ctx.set('Cache-Control', file.cacheControl);
    if (ctx.fresh) ctx.status = 304;
    else ctx.body = file.content;
    return undefined;
  };
}

async function readAll(folder: string): Promise<ReadonlyMap<string, StaticFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(ifMissing);
  const files = new Map<string, StaticFile>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    const content = await readFile(file);
    files.set(path, {
      content,
      type: extname(entry.name),
      etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
      cacheControl: path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  }
  return files;
}

/** A server without built pages is still an API. */
function ifMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
