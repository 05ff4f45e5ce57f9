import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../server/config-error.ts';
import {
  CLIENT_KEY,
  limitsAreOn,
  proxyAccess,
  readSettings,
  SETTING_NAMES,
  unknownSettings,
} from '../../../server/config.ts';

const TRUNK = {
  RINGPROOF_SIP_URL: 'wss://pbx.example:8089/ws',
  RINGPROOF_SIP_URI: 'sip:ringproof@pbx.example',
  RINGPROOF_COUNTRIES: 'US,CA',
};

function refusal(env: Record<string, string>): ConfigError {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('reading the settings', () => {
  it('needs nothing', () => {
    expect(readSettings({})).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      RINGPROOF_STORE: 'lowdb:./data/ringproof.json',
      RINGPROOF_CODE_LENGTH: 6,
      RINGPROOF_CODE_TTL: 600_000,
      RINGPROOF_RING_TIMEOUT: 40_000,
      RINGPROOF_CALL_TIMEOUT: 120_000,
      RINGPROOF_RETENTION: 86_400_000,
      RINGPROOF_GATE: true,
      RINGPROOF_GATE_DIGITS: 1,
      RINGPROOF_CODECS: ['PCMU', 'PCMA'],
    });
  });

  it('treats an empty variable as absent', () => {
    expect(readSettings({ PORT: '', RINGPROOF_SIP_URL: '' })).toMatchObject({ PORT: 3000 });
  });

  it('names every wrong variable in one error, with what was expected and what came', () => {
    const { message, problems } = refusal({ PORT: 'eighty', RINGPROOF_CODE_TTL: '601', RINGPROOF_GATE: 'maybe' });
    expect(problems).toEqual([
      { name: 'PORT', expected: 'a whole number from 0 to 65535', got: '"eighty"' },
      { name: 'RINGPROOF_GATE', expected: 'on or off', got: '"maybe"' },
      { name: 'RINGPROOF_CODE_TTL', expected: expect.stringContaining('a time from 30s to 600s'), got: '"601"' },
    ]);
    for (const { name } of problems) expect(message).toContain(name);
    expect(message).toContain('invalid_configuration');
  });

  it.each(['0', '5', '-1', '2.0', 'two'])('takes no gate of %j digits', (digits) => {
    expect(refusal({ RINGPROOF_GATE_DIGITS: digits }).problems).toEqual([
      { name: 'RINGPROOF_GATE_DIGITS', expected: 'a whole number from 1 to 4', got: JSON.stringify(digits) },
    ]);
  });

  it.each([
    { RINGPROOF_STORE: 'redis://:pa55@cache:6379' },
    { RINGPROOF_SIP_URL: 'wss://ana:pa55@pbx.example/ws', RINGPROOF_SIP_URI: 'sip:a@b', RINGPROOF_COUNTRIES: 'US' },
    { RINGPROOF_ORIGINS: 'https://ana:p@55@shop.example' },
  ])('never shows a password that stands in an address: %j', (env) => {
    const { message } = refusal(env);
    expect(message).toContain('//(not shown)@');
    expect(message).not.toContain('55');
  });

  it('never shows the value of a secret', () => {
    const { message } = refusal({
      RINGPROOF_SECRET: 'too-short-a-secret',
      RINGPROOF_API_KEYS: 'shop:short-key',
      RINGPROOF_PROXY_PASSWORD: 'hunter2',
    });
    for (const secret of ['too-short-a-secret', 'short-key', 'hunter2']) expect(message).not.toContain(secret);
    expect(message).toContain('7 characters (not shown)');
  });

  it('wants the account and the countries of a real gateway, along with any other fault', () => {
    const { problems } = refusal({ RINGPROOF_SIP_URL: 'wss://pbx.example/ws', PORT: '-1' });
    expect(problems.map(({ name }) => name)).toEqual(['PORT', 'RINGPROOF_SIP_URI', 'RINGPROOF_COUNTRIES']);
  });

  it('wants something to call through', () => {
    expect(refusal({ RINGPROOF_PROXY: 'off' }).problems).toMatchObject([{ name: 'RINGPROOF_SIP_URL', got: 'nothing' }]);
  });

  it('takes a gateway with everything that belongs to it', () => {
    expect(
      readSettings({ ...TRUNK, RINGPROOF_SIP_REGISTER: 'off', RINGPROOF_MEDIA_PORTS: '40000-40999' }),
    ).toMatchObject({
      RINGPROOF_SIP_URL: 'wss://pbx.example:8089/ws',
      RINGPROOF_COUNTRIES: ['US', 'CA'],
      RINGPROOF_SIP_REGISTER: false,
      RINGPROOF_MEDIA_PORTS: { from: 40_000, to: 40_999 },
    });
  });

  it.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['2m', 120_000],
  ])('reads the time %s', (text, ms) => {
    expect(readSettings({ RINGPROOF_CODE_TTL: text }).RINGPROOF_CODE_TTL).toBe(ms);
  });

  it('reads keys with and without the name of their relying party', () => {
    expect(readSettings({ RINGPROOF_API_KEYS: 'shop:0123456789abcdef, fedcba9876543210' }).RINGPROOF_API_KEYS).toEqual([
      { relyingParty: 'shop', key: '0123456789abcdef' },
      { relyingParty: 'default', key: 'fedcba9876543210' },
    ]);
  });

  it('listens for keys in whatever way they come, or in those that are named', () => {
    expect(readSettings({}).RINGPROOF_DTMF).toBe('auto');
    expect(readSettings({ RINGPROOF_DTMF: 'rfc4733, In-Band' }).RINGPROOF_DTMF).toEqual(['rfc4733', 'in-band']);
  });

  it.each([
    ['RINGPROOF_STORE', 'mysql://localhost'],
    ['RINGPROOF_COUNTRIES', 'US,Atlantis'],
    ['RINGPROOF_SIP_URL', 'https://pbx.example'],
    ['RINGPROOF_SIP_URI', 'ringproof@pbx.example'],
    ['RINGPROOF_SIP_DOMAINS', 'pbx.example,,'],
    ['RINGPROOF_EXTENSIONS', '6-3'],
    ['RINGPROOF_CODECS', 'PCMU,opus'],
    ['RINGPROOF_DTLS_SETUP', 'passive'],
    ['RINGPROOF_DTMF', 'info,morse'],
    ['RINGPROOF_DTMF', 'info,info'],
    ['RINGPROOF_MEDIA_PORTS', '40000-99999'],
    ['RINGPROOF_PROXY', 'everyone'],
    ['RINGPROOF_LOCALE', 'plain English'],
    ['RINGPROOF_CODE_LENGTH', '4'],
    ['RINGPROOF_RETENTION', 'forever'],
    ['RINGPROOF_LOG_LEVEL', 'loud'],
    ['RINGPROOF_DEFAULT_COUNTRY', 'XX'],
    ['HOST', 'not a host'],
  ])('refuses %s=%s', (name, value) => {
    expect(refusal({ ...TRUNK, [name]: value }).problems).toMatchObject([{ name, got: JSON.stringify(value) }]);
  });

  it('opens the proxy to this machine without a gateway, and not at all with one', () => {
    expect(proxyAccess(readSettings({}))).toBe('loopback');
    expect(proxyAccess(readSettings(TRUNK))).toBe('off');
    expect(proxyAccess(readSettings({ ...TRUNK, RINGPROOF_PROXY: 'open' }))).toBe('open');
  });

  it.each([
    ['without a gateway', {}],
    [
      'with a gateway on this machine and nobody else to serve',
      { ...TRUNK, RINGPROOF_SIP_URL: 'ws://localhost:8088/ws' },
    ],
    ['where they are turned off', { ...TRUNK, RINGPROOF_LIMITS: 'off' }],
  ])('counts no calls %s', (_, env) => {
    expect(limitsAreOn(readSettings(env))).toBe(false);
  });

  it.each([
    ['with a gateway elsewhere', TRUNK],
    ['for visitors from elsewhere', { ...TRUNK, RINGPROOF_SIP_URL: 'ws://127.0.0.1:8088/ws', HOST: '0.0.0.0' }],
    [
      'for visitors through a proxy',
      { ...TRUNK, RINGPROOF_SIP_URL: 'ws://127.0.0.1:8088/ws', RINGPROOF_TRUSTED_PROXIES: '1' },
    ],
    ['where they are turned on', { RINGPROOF_LIMITS: 'on' }],
  ])('counts calls %s', (_, env) => {
    expect(limitsAreOn(readSettings(env))).toBe(true);
  });

  it('notices names that look like settings and are none', () => {
    expect(unknownSettings({ RINGPROOF_COUNTRYS: 'US', RINGPROOF_GATE: 'on', HOME: '/' })).toEqual([
      'RINGPROOF_COUNTRYS',
    ]);
  });
});

describe('.env.example', () => {
  const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
  const listed = [...example.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => ({ name, value }));

  it('lists every setting once, and nothing else', () => {
    const names = listed.map(({ name }) => name);
    expect(names.toSorted()).toEqual([...SETTING_NAMES, CLIENT_KEY].toSorted());
  });

  const settings = listed.filter(({ name }) => name !== CLIENT_KEY);

  it.each(settings)('shows of $name the default, and nothing where there is none', ({ name, value }) => {
    const shown: Readonly<Record<string, unknown>> = readSettings({ [name]: value });
    const absent: Readonly<Record<string, unknown>> = readSettings({});
    expect(shown[name]).toEqual(absent[name]);
    expect([undefined, '[]'].includes(JSON.stringify(absent[name]))).toBe(value === '');
  });

  it('agrees with the table in docs/operations.md, setting by setting', () => {
    const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
    const rows = page.matchAll(/^\| `([A-Z_]+)` +\| (?:`([^`]*)`|–) +\|/gm);
    expect(Array.from(rows, ([, name, value = '']) => ({ name, value }))).toEqual(listed);
  });
});
