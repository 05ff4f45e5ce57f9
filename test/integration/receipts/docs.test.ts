import { execFile } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { VerificationView } from '../../../server/http/contract.ts';
import { startApi } from '../http/api-server.ts';
import { aFolder } from '../server/fake-voice.ts';

const run = promisify(execFile);
const KEY = 'a-key-of-the-shop-1';

/** The first code block of a language in docs/receipts.md, at the server of this test. */
async function snippet(language: string, server: string): Promise<string> {
  const page = await readFile('docs/receipts.md', 'utf8');
  const [, code = ''] = new RegExp(`\`\`\`${language}\n(.*?)\n\`\`\``, 's').exec(page) ?? [];
  expect(code).toContain('http://127.0.0.1:3000');
  return code.replaceAll('http://127.0.0.1:3000', server);
}

async function aReceipt(): Promise<{ url: string; receipt: string }> {
  const api = await startApi({ apiKeys: [{ relyingParty: 'shop', key: KEY }] });
  const { id, token, code = '' } = await api.create({ nonce: 'nonce-of-order-17' }, { token: KEY });
  await api.telephony.last.key(code);
  const { receipt = '' } = (await api.ask<VerificationView>(`/v1/verifications/${id}`, { token })).body;
  return { url: api.url, receipt };
}

/** The signature with its first character changed. */
function spoiled(receipt: string): string {
  const at = receipt.lastIndexOf('.') + 1;
  return `${receipt.slice(0, at)}${receipt[at] === 'A' ? 'B' : 'A'}${receipt.slice(at + 1)}`;
}

async function typescript(url: string): Promise<Reader> {
  const folder = await aFolder();
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'read-receipt.mjs');
  const { outputText } = ts.transpileModule(await snippet('ts', url), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  await writeFile(file, outputText);
  const module: { readReceipt: Reader } = await import(/* @vite-ignore */ pathToFileURL(file).href);
  return module.readReceipt;
}

async function shell(url: string, receipt: string): Promise<string> {
  const folder = await aFolder();
  await writeFile(join(folder, 'receipt.txt'), receipt);
  return (await run('sh', ['-c', await snippet('sh', url)], { cwd: folder })).stdout;
}

describe('the lines of docs/receipts.md', () => {
  it('check a receipt in TypeScript', async () => {
    const { url, receipt } = await aReceipt();
    const readReceipt = await typescript(url);
    const expected = { number: '+12025550123', nonce: 'nonce-of-order-17' };
    expect(await readReceipt(receipt, expected)).toMatchObject({ sub: '+12025550123', aud: 'shop' });
  });

  it('refuse in TypeScript what is of another verification', async () => {
    const { url, receipt } = await aReceipt();
    const readReceipt = await typescript(url);
    await expect(readReceipt(receipt, { number: '+12025550123', nonce: 'another-nonce' })).rejects.toThrow('another');
  });

  it('check a receipt with curl and openssl', async () => {
    const { url, receipt } = await aReceipt();
    expect(await shell(url, receipt)).toMatch(/Verified Successfully[\s\S]*"sub":"\+12025550123"/);
  });

  it('refuse with curl and openssl what was changed', async () => {
    const { url, receipt } = await aReceipt();
    await expect(shell(url, spoiled(receipt))).rejects.toMatchObject({ code: 1 });
  });
});

type Reader = (receipt: string, expected: { number: string; nonce: string }) => Promise<object>;
