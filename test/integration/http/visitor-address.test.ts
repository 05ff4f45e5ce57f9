import { describe, expect, it } from 'vitest';
import { startApi, type ApiServerOptions } from './api-server.ts';

/** Where the record of a request says that it came from. */
async function recorded(forwarded: string, trustedProxies?: ApiServerOptions['trustedProxies']): Promise<string> {
  const api = await startApi({ ...(trustedProxies && { trustedProxies }) });
  await api.ask('/v1/settings', { headers: { 'x-forwarded-for': forwarded } });
  return api.requests[0]?.address ?? 'nothing';
}

describe('The record of a request', () => {
  it('has the visitor that the operator’s own proxy saw, and not what the visitor claims', async () => {
    expect(await recorded('10.9.9.9, 198.51.100.1', { hops: 1 })).toBe('198.51.100.1');
    expect(await recorded('10.9.9.9, 198.51.100.1', { networks: ['127.0.0.0/8', '::1/128'] })).toBe('198.51.100.1');
  });

  it.each([
    ['198.51.100.1:51234', '198.51.100.1'],
    ['[2001:db8::7]:443', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['2001:db8::7', '2001:db8::7'],
  ])('has no port of %s: a new connection is no new visitor', async (written, address) => {
    expect(await recorded(written, { hops: 1 })).toBe(address);
    expect(await recorded(`${written}, 10.0.0.2:443`, { networks: ['127.0.0.0/8', '::1/128', '10.0.0.0/8'] })).toBe(
      address,
    );
  });

  it.each(['unknown', '_hidden', 'x'.repeat(2_000), '1.2.3.4.5'])(
    'has the proxy itself where that wrote no address: %j',
    async (written) => {
      expect(await recorded(`198.51.100.1, ${written}`, { hops: 1 })).toMatch(/127\.0\.0\.1$/);
    },
  );

  it('believes nobody where no proxy is named', async () => {
    expect(await recorded('198.51.100.1')).toMatch(/127\.0\.0\.1$/);
  });
});
