import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { run } from '../../../server/commands/run.ts';
import { filesIn } from '../../support/files-in.ts';
import { aFolder, serveWithFakeVoice } from './fake-voice.ts';

const ON = { RINGPROOF_LIMITS: 'on' } as const;
const NUMBER = '+12025550123';

/** Asks for a call; `from` is what a proxy says of the visitor. */
async function ask(url: string, to: string, from?: string) {
  const response = await fetch(`${url}/v1/verifications`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(from !== undefined && { 'x-forwarded-for': from }) },
    body: JSON.stringify({ to, method: 'keypad' }),
  });
  const body: unknown = await response.json();
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
}

/** `ringproof …` beside a server: what it said and its exit code. */
async function command(args: readonly string[], env: Readonly<Record<string, string>>) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const code = await run(args, { env, stdin: new PassThrough(), stdout, stderr, stop: new AbortController().signal });
  stdout.end();
  stderr.end();
  return { code, text: `${String(stdout.read() ?? '')}${String(stderr.read() ?? '')}` };
}

describe('the rules of a server', () => {
  it('refuse a second call to a number with 429 and when to come again', async () => {
    const { server } = await serveWithFakeVoice({ env: ON });
    expect(await ask(server.url, NUMBER)).toMatchObject({ status: 201 });
    expect(await ask(server.url, '001 (202) 555-0123')).toMatchObject({
      status: 429,
      retryAfter: '30',
      body: { code: 'rate_limited', detail: 'There have been too many tries; try again later' },
    });
  });

  it('leave the verification alone whose successor they refuse', async () => {
    const { server, api } = await serveWithFakeVoice({ env: ON });
    const created = await api.create('keypad');
    await ask(server.url, NUMBER);
    expect(await api.view(created)).toMatchObject({ status: 'pending' });
  });

  it('refuse a number with 403, and name the field but not the rule', async () => {
    const { server, log } = await serveWithFakeVoice({ env: { ...ON, RINGPROOF_COUNTRIES: 'US' } });
    const refused = await ask(server.url, '+4930901820');
    expect(refused).toMatchObject({ status: 403, body: { code: 'number_not_allowed', errors: [{ field: '/to' }] } });
    expect(JSON.stringify(refused.body)).not.toMatch(/countr/i);
    expect(log.join('')).toMatch(/"rule":"country".*rules\.refused/);
  });

  it('count a visitor by the address that the own proxy saw, whatever the visitor claims', async () => {
    const env = { ...ON, RINGPROOF_LIMIT_ADDRESS: '1/1h', RINGPROOF_TRUSTED_PROXIES: '1' };
    const { server } = await serveWithFakeVoice({ env });
    expect(await ask(server.url, '+12025550101', '10.1.1.1, 198.51.100.1')).toMatchObject({ status: 201 });
    expect(await ask(server.url, '+13125550102', '10.9.9.9, 198.51.100.1')).toMatchObject({ status: 429 });
    expect(await ask(server.url, '+14155550103', '10.1.1.1, 198.51.100.2')).toMatchObject({ status: 201 });
  });

  it('believe no X-Forwarded-For where no proxy is named', async () => {
    const { server } = await serveWithFakeVoice({ env: { ...ON, RINGPROOF_LIMIT_ADDRESS: '1/1h' } });
    expect(await ask(server.url, '+12025550101', '198.51.100.1')).toMatchObject({ status: 201 });
    expect(await ask(server.url, '+13125550102', '198.51.100.2')).toMatchObject({ status: 429 });
  });

  it('have the log say once that visitors come through a proxy that nobody has named, and that nobody counts', async () => {
    const { server, log } = await serveWithFakeVoice({ env: { RINGPROOF_LIMITS: 'off' } });
    await ask(server.url, '+12025550101');
    expect(log.join('')).not.toContain('proxy.unnamed');
    for (const to of ['+12025550102', '+12025550103']) await ask(server.url, to, '198.51.100.1');
    const told = log.map((line) => JSON.parse(line)).filter(({ event }) => event === 'proxy.unnamed');
    expect(told).toMatchObject([{ level: 'warn', setting: 'RINGPROOF_TRUSTED_PROXIES', limits: 'off' }]);
  });

  it('remember after a restart whom they rang', async () => {
    const folder = await aFolder();
    const before = await serveWithFakeVoice({ folder, env: ON });
    await ask(before.server.url, NUMBER);
    await before.server.close();
    const after = await serveWithFakeVoice({ folder, env: ON });
    expect(await ask(after.server.url, NUMBER)).toMatchObject({ status: 429 });
  });

  it('take up what the operator says beside the running server, and can be explained', async () => {
    const folder = await aFolder();
    const { server } = await serveWithFakeVoice({ folder, env: ON });
    const env = { ...ON, RINGPROOF_STORE: `lowdb:${join(folder, 'ringproof.json')}` };
    const before = await command(['explain', NUMBER], env);
    expect(before).toMatchObject({ code: 0, text: expect.stringContaining('The call would be placed.') });

    await command(['do-not-call', 'add', NUMBER], env);
    expect(await ask(server.url, NUMBER)).toMatchObject({ status: 403 });
    const during = await command(['explain', NUMBER], env);
    expect(during).toMatchObject({ code: 1, text: expect.stringMatching(/no +do-not-call +on the do-not-call list/) });

    await command(['do-not-call', 'remove', NUMBER], env);
    expect(await ask(server.url, NUMBER)).toMatchObject({ status: 201 });
    const after = await command(['explain', NUMBER], env);
    expect(after.text).toMatch(/no +one-call +a call to this number is in progress/);
    expect(after.text).toMatch(/yes +number-calls +calls to this number: 1 of 3 in 10 minutes/);
  });

  it.each([
    ['+44 909 879 0123', /no +number-type +premium numbers are not rung/, 'RINGPROOF_REFUSED_TYPES'],
    ['+44 7012 345678', /no +number-type +personal numbers/, 'RINGPROOF_REFUSED_TYPES'],
    ['+1 900 555 0123', /no +number-type +premium/, 'RINGPROOF_REFUSED_TYPES'],
    ['+881 612 345 678', /no +network +\+881 is .*satellite/, 'RINGPROOF_NUMBER_LIST'],
    ['+7 954 123-45-67', /no +network +\+7954 is a satellite network/, 'RINGPROOF_NUMBER_LIST'],
    ['+53 5 2345678', /no +network +\+53 is Cuba/, 'RINGPROOF_COUNTRIES'],
  ])('are explained for %s, with what the visitor is told and what the operator can do', async (to, why, remedy) => {
    const { code, text } = await command(['explain', to], { RINGPROOF_STORE: 'memory:' });
    expect({ code, text }).toMatchObject({ code: 1, text: expect.stringMatching(why) });
    expect(text).toContain('The visitor is told 403 number_not_allowed');
    expect(text).toMatch(new RegExp(`To have it placed: .*${remedy}`));
  });

  it.each([
    '202-555-0123',
    '(202) 555 0123',
    '1 202 555 0123',
    '001 202 555 0123',
    '00 1 2025550123',
    '+1.202.555.0123',
  ])('read %s as the one number that it is', async (written) => {
    const { code, text } = await command(['explain', written], { RINGPROOF_STORE: 'memory:' });
    expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining('read as +12025550123\n') });
  });

  it('are explained also for what is no number', async () => {
    const { code, text } = await command(['explain', '12'], { RINGPROOF_STORE: 'memory:' });
    expect({ code, text }).toMatchObject({ code: 1, text: expect.stringContaining('The visitor is told 422') });
  });

  it('are explained for a SIP address, an extension and what a machine must not call', async () => {
    const env = { RINGPROOF_STORE: 'memory:', RINGPROOF_LIMITS: 'on', RINGPROOF_EXTENSIONS: '3-4' };
    const refused = await command(['explain', 'sip:desk@pbx.example'], env);
    expect(refused).toMatchObject({
      code: 1,
      text: expect.stringContaining('name the domain in RINGPROOF_SIP_DOMAINS'),
    });
    const allowed = await command(['explain', 'sip:desk@pbx.example'], {
      ...env,
      RINGPROOF_SIP_DOMAINS: 'pbx.example',
    });
    expect(allowed).toMatchObject({ code: 0, text: expect.stringContaining('read as sip:desk@pbx.example\n') });
    expect(await command(['explain', '204'], env)).toMatchObject({ code: 0 });
    expect((await command(['explain', '911'], env)).text).toContain('Emergency numbers are not called');
  });

  it('are explained with the trunks that would carry the call', async () => {
    const folder = await aFolder();
    const file = join(folder, 'trunks.json');
    const account = { url: 'ws://127.0.0.1:9/ws', uri: 'sip:ringproof@pbx.example' };
    const trunks = [
      { name: 'world', prefixes: ['+1', '+44'], ...account },
      { name: 'capital', prefixes: ['+1202'], ...account },
    ];
    await writeFile(file, JSON.stringify({ trunks }));
    const env = { RINGPROOF_STORE: 'memory:', RINGPROOF_TRUNKS: file, RINGPROOF_COUNTRIES: 'US,CN' };
    expect((await command(['explain', NUMBER], env)).text).toMatch(/yes +trunk +capital; where it fails .*, world\n/);
    expect(await command(['explain', '+8613800138000'], env)).toMatchObject({
      code: 1,
      text: expect.stringMatching(/no +trunk +none carries such numbers \(world, capital\)/),
    });
  });

  it('leave in the audit log whom they refused and why, to be found by the number', async () => {
    const folder = await aFolder();
    const { server } = await serveWithFakeVoice({ folder, env: { ...ON, RINGPROOF_COUNTRIES: 'US' } });
    await ask(server.url, '+4930901820');
    await ask(server.url, NUMBER);
    await server.close();
    const env = { RINGPROOF_STORE: `lowdb:${join(folder, 'ringproof.json')}` };
    const refused = (await command(['audit', 'find', '+49 30 901820'], env)).text.trimEnd().split('\n');
    expect(refused).toHaveLength(1);
    expect(JSON.parse(refused[0] ?? '')).toMatchObject({
      event: 'request.refused',
      fields: { number: '+4…20', code: 'number_not_allowed', rule: 'country', relyingParty: '*public' },
    });
    const made = (await command(['audit', 'find', NUMBER], env)).text;
    expect(made.match(/"event":"[a-z.]+"/g)).toEqual([
      '"event":"verification.created"',
      '"event":"call.placed"',
      '"event":"request.accepted"',
      '"event":"call.ended"',
      '"event":"verification.ended"',
    ]);
    expect((await command(['audit', 'find', '+12025550199'], env)).text).toContain('no line about this number');
  });

  it('leave in the audit log what the operator said of a number, once, whether the server ran or not', async () => {
    const folder = await aFolder();
    const env = { RINGPROOF_STORE: `lowdb:${join(folder, 'ringproof.json')}` };
    const first = await serveWithFakeVoice({ folder, env: ON });
    await command(['forgive', NUMBER], env);
    await ask(first.server.url, '+12025550199');
    await first.server.close();
    await command(['do-not-call', 'add', '+12025550145'], env);
    await (await serveWithFakeVoice({ folder, env: ON })).server.close();
    await command(['do-not-call', 'remove', '+12025550145'], env);
    await (await serveWithFakeVoice({ folder, env: ON })).server.close();
    const lines = (await filesIn(join(folder, 'ringproof.json.audit'))).map(({ text }) => text).join('');
    const decided = [...lines.matchAll(/"decision":"([\w.-]+)","number":"([^"]+)"/g)].map(([, ...what]) => what);
    expect(decided).toEqual([
      ['wrong-codes.forgiven', '+1…23'],
      ['do-not-call.added', '+1…45'],
      ['do-not-call.removed', '+1…45'],
    ]);
  });

  it('stop the start when a file of theirs cannot be used, and say which', async () => {
    const env = { RINGPROOF_STORE: 'memory:', RINGPROOF_RATE_DECK: '/nonexistent/deck.csv' };
    expect(await command(['explain', NUMBER], env)).toMatchObject({
      code: 78,
      text: expect.stringContaining('RINGPROOF_RATE_DECK'),
    });
  });
});
