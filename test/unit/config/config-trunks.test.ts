import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError } from '../../../server/config-error.ts';
import { readTrunks } from '../../../server/config-trunks.ts';
import { limitsAreOn, proxyAccess, readSettings } from '../../../server/config.ts';
import { readTrunkFile } from '../../../server/commands/trunk-file.ts';

const LONDON = { name: 'london', url: 'wss://london.example/ws', uri: 'sip:ringproof@london.example' };
const PARIS = { name: 'paris', url: 'wss://paris.example/ws', uri: 'sip:ringproof@paris.example' };

async function refusal(read: () => unknown): Promise<ConfigError> {
  try {
    await read();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const problemsOf = async (...trunks: readonly object[]): Promise<readonly string[]> =>
  (await refusal(() => readTrunks(JSON.stringify({ trunks })))).problems.map(({ name }) => name);

/** What `ringproof start` makes of a file with these trunks. */
async function opened(
  trunks: readonly object[],
  env: Record<string, string> = {},
  others: Record<string, string> = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'ringproof-trunks-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  const path = join(folder, 'trunks.json');
  await writeFile(path, JSON.stringify({ trunks }));
  for (const [name, text] of Object.entries(others)) await writeFile(join(folder, name), text);
  return readTrunkFile(readSettings({ RINGPROOF_TRUNKS: path, RINGPROOF_COUNTRIES: 'GB' }), env);
}

describe('the file of trunks', () => {
  it('needs a name, an address and an account of each; the rest has defaults', async () => {
    expect((await opened([LONDON]))?.trunks).toEqual([
      { ...LONDON, register: true, dtlsSetup: 'active', codecs: ['PCMU', 'PCMA'], dtmf: 'auto' },
    ]);
  });

  it('may say all there is to say', async () => {
    const all = {
      ...LONDON,
      authUser: 'ringproof-1',
      password: 'secret',
      register: false,
      callerId: '+442071838750',
      dtlsSetup: 'actpass',
      codecs: ['PCMA'],
      dtmf: ['rfc4733', 'in-band'],
      mediaAddress: '192.0.2.7',
      prefixes: ['+44', '10', 'sip:'],
      maxCalls: 30,
      callsPerSecond: 0.5,
    };
    expect((await opened([{ ...all, mediaPorts: '40000-40999' }]))?.trunks).toEqual([
      { ...all, mediaPorts: { from: 40_000, to: 40_999 } },
    ]);
  });

  it('keeps its order, which is the order of preference', async () => {
    expect((await opened([PARIS, LONDON]))?.trunks.map(({ name }) => name)).toEqual(['paris', 'london']);
  });

  it('names every wrong field by its trunk, at once', async () => {
    const problems = await problemsOf(
      { ...LONDON, url: 'https://london.example', prefixes: ['44'.repeat(10)], maxCalls: 0, callsPerSecond: 'two' },
      { name: 'paris', uri: 'ringproof', codecs: ['OPUS'], dtmf: ['smoke'], colour: 'red', mediaPorts: '40999-40000' },
    );
    expect(problems.map((name) => name.replace('RINGPROOF_TRUNKS ', '')).toSorted()).toEqual([
      'london.callsPerSecond',
      'london.maxCalls',
      'london.prefixes.0',
      'london.url',
      'paris.codecs.0',
      'paris.colour',
      'paris.dtmf',
      'paris.mediaPorts',
      'paris.uri',
      'paris.url',
    ]);
  });

  it('names a trunk without a name by its place', async () => {
    const { name: _, ...nameless } = LONDON;
    expect(await problemsOf(PARIS, nameless)).toEqual(['RINGPROOF_TRUNKS trunks.1.name']);
  });

  it('says what was expected, and that nothing came', async () => {
    const { problems } = await refusal(() => readTrunks(JSON.stringify({ trunks: [{ ...LONDON, url: undefined }] })));
    expect(problems).toEqual([
      {
        name: 'RINGPROOF_TRUNKS london.url',
        expected: 'a WebSocket address such as wss://pbx.example:8089/ws',
        got: 'nothing',
      },
    ]);
  });

  it('quotes nothing of what stands there', async () => {
    const text = JSON.stringify({ trunks: [{ ...LONDON, uri: 'pa55word', passwordEnv: 'pa55 word' }] });
    expect((await refusal(() => readTrunks(text))).message).not.toContain('pa55');
  });

  it('refuses two trunks of one name, and the name of no trunk', async () => {
    expect(await problemsOf(LONDON, LONDON)).toEqual(['RINGPROOF_TRUNKS trunks']);
    expect(await problemsOf({ ...LONDON, name: 'none' })).toEqual(['RINGPROOF_TRUNKS trunks.0.name']);
  });

  it('refuses to be empty, or something else', async () => {
    expect(await problemsOf()).toEqual(['RINGPROOF_TRUNKS trunks']);
    expect((await refusal(() => readTrunks('[]'))).message).toContain('expected an object with trunks');
    expect((await refusal(() => readTrunks('trunks:'))).message).toContain('expected a JSON file');
  });
});

describe('the password of a trunk', () => {
  it('may be kept in the environment, whose variable is then nobody else’s business', async () => {
    expect(await opened([{ ...LONDON, passwordEnv: 'LONDON_PASSWORD' }], { LONDON_PASSWORD: 'secret' })).toMatchObject({
      trunks: [{ name: 'london', password: 'secret' }],
      passwordVariables: ['LONDON_PASSWORD'],
    });
  });

  it('may be kept in a file beside, whose last line break is not part of it', async () => {
    const file = await opened([{ ...LONDON, passwordFile: 'london.secret' }], {}, { 'london.secret': 'secret\n' });
    expect(file?.trunks[0]?.password).toBe('secret');
  });

  it('that is missing is said of every trunk that wants one', async () => {
    const { problems } = await refusal(() =>
      opened([
        { ...LONDON, passwordEnv: 'LONDON_PASSWORD' },
        { ...PARIS, passwordFile: 'nowhere' },
      ]),
    );
    expect(problems).toEqual([
      {
        name: 'RINGPROOF_TRUNKS london.passwordEnv',
        expected: 'the environment variable LONDON_PASSWORD',
        got: 'nothing',
      },
      {
        name: 'RINGPROOF_TRUNKS paris.passwordFile',
        expected: 'a file that can be read',
        got: expect.stringMatching(/nowhere" \(ENOENT\)$/),
      },
    ]);
  });

  it('stands in one place only', async () => {
    expect(await problemsOf({ ...LONDON, password: 'one', passwordEnv: 'OTHER' })).toEqual([
      'RINGPROOF_TRUNKS london.password',
    ]);
  });
});

describe('settings beside a file of trunks', () => {
  const FILE = { RINGPROOF_TRUNKS: 'trunks.json', RINGPROOF_COUNTRIES: 'GB' };

  it('must not describe a trunk of their own, and secrets among them are not shown', async () => {
    const { problems, message } = await refusal(() =>
      readSettings({ ...FILE, RINGPROOF_SIP_URL: 'wss://pbx.example/ws', RINGPROOF_SIP_PASSWORD: 'pa55word' }),
    );
    expect(problems.map(({ name }) => name)).toEqual(['RINGPROOF_SIP_URL', 'RINGPROOF_SIP_PASSWORD']);
    expect(message).toContain('nothing, as RINGPROOF_TRUNKS says it for each trunk');
    expect(message).not.toContain('pa55word');
  });

  it('have to name the countries that may be rung', async () => {
    const { problems } = await refusal(() => readSettings({ RINGPROOF_TRUNKS: 'trunks.json' }));
    expect(problems.map(({ name }) => name)).toEqual(['RINGPROOF_COUNTRIES']);
  });

  it('switch the testers’ proxy off and the limits on, as any gateway does', () => {
    const settings = readSettings(FILE);
    expect([proxyAccess(settings), limitsAreOn(settings)]).toEqual(['off', true]);
  });

  it('name a file that can be read', async () => {
    const settings = readSettings({ ...FILE, RINGPROOF_TRUNKS: '/nonexistent/trunks.json' });
    expect((await refusal(() => readTrunkFile(settings, {}))).problems).toEqual([
      { name: 'RINGPROOF_TRUNKS', expected: 'a file that can be read', got: '"/nonexistent/trunks.json" (ENOENT)' },
    ]);
  });
});
