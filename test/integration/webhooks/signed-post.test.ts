import { createServer } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { postSigned, type SendOptions } from '../../../server/webhooks/signed-post.ts';
import { aReceiver } from './receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const INSIDE: SendOptions = { timeout: 2_000, allowInternal: true };
const OUTSIDE: SendOptions = { timeout: 2_000, allowInternal: false };

const message = (url: string) => ({ url, secret: SECRET, id: 'evt_1', body: '{"a":1}', at: Date.now() });

const oneOfTwoIsInternal: SendOptions['resolve'] = (_host, callback) => {
  callback(null, [
    { address: '93.184.215.14', family: 4 },
    { address: '169.254.169.254', family: 4 },
  ]);
};

describe('a signed message', () => {
  it('is accepted by the reference implementation of Standard Webhooks', async () => {
    const { url, received } = await aReceiver(204);
    expect((await postSigned(message(url), INSIDE)).status).toBe(204);
    const [first] = received;
    expect(new Webhook(SECRET).verify(first?.body ?? '', first?.headers ?? {})).toEqual({ a: 1 });
  });

  it('is not accepted with another secret', async () => {
    const { url, received } = await aReceiver(204);
    await postSigned(message(url), INSIDE);
    const other = new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`);
    expect(() => other.verify(received[0]?.body ?? '', received[0]?.headers ?? {})).toThrow('signature');
  });

  it('is accepted by who knows the old secret and by who knows the new one, while both are named', async () => {
    const { url, received } = await aReceiver(204);
    const next = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    await postSigned({ ...message(url), secret: [next, SECRET] }, INSIDE);
    const [first] = received;
    for (const secret of [SECRET, next]) {
      expect(new Webhook(secret).verify(first?.body ?? '', first?.headers ?? {})).toEqual({ a: 1 });
    }
  });

  it('follows no redirect', async () => {
    const { url, received } = await aReceiver(302);
    expect((await postSigned(message(url), INSIDE)).status).toBe(302);
    expect(received).toHaveLength(1);
  });

  it.each(['127.0.0.1', '0x7f.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', 'localhost'])(
    'does not go to %s unless the operator says so',
    async (host) => {
      const { port, received } = await aReceiver(200);
      const sent = postSigned(message(`http://${host}:${port}/`), OUTSIDE);
      await expect(sent).rejects.toMatchObject({ fault: 'internal-address' });
      expect(received).toHaveLength(0);
    },
  );

  it('is not sent when one of several addresses is internal', async () => {
    const sent = postSigned(message('http://shop.example/'), { ...OUTSIDE, resolve: oneOfTwoIsInternal });
    await expect(sent).rejects.toMatchObject({ fault: 'internal-address' });
  });

  it('goes to the address that was looked at, whatever the name says a moment later', async () => {
    const { port, received } = await aReceiver(200);
    let asked = 0;
    const resolve: SendOptions['resolve'] = (_host, callback) => {
      asked += 1;
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    await postSigned(message(`http://shop.example:${port}/`), { ...INSIDE, resolve });
    expect([asked, received.length]).toEqual([1, 1]);
  });

  it('is given up when its receiver takes too long', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    const address = silent.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    onTestFinished(() => void silent.close());
    const sent = postSigned(message(`http://127.0.0.1:${port}/`), { ...INSIDE, timeout: 100 });
    await expect(sent).rejects.toMatchObject({ fault: 'timeout' });
  });

  it('does not swallow an endless answer', async () => {
    const { url } = await aReceiver('x'.repeat(100_000));
    await expect(postSigned(message(url), INSIDE)).rejects.toMatchObject({ fault: 'answer-too-large' });
  });
});
