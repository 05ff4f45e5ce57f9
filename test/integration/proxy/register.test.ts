import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProxy, type Proxy } from '../../../sip-gateway/proxy/proxy.ts';
import { callOptions, eventOf, startAgent } from './support/jssip-pair.ts';
import { fieldOf, fieldsOf, RawClient, register, sip, statusOf } from './support/raw-client.ts';

describe('Registering on the local proxy', () => {
  let proxy: Proxy;
  let client: RawClient;

  beforeEach(async () => {
    proxy = createProxy({ domain: 'ringproof.local', clock: Date.now });
    client = await RawClient.connect(await proxy.listen({ port: 0 }));
  });

  afterEach(async () => {
    client.close();
    await proxy.close();
  });

  it('answers 200 with the contact and the seconds it is good for', async () => {
    client.send(register('101', { contact: '<sip:101@a.invalid>;expires=120' }));
    const answer = await client.next();
    expect([statusOf(answer), fieldsOf(answer, 'Contact')]).toEqual([200, ['<sip:101@a.invalid>;expires=120']]);
  });

  it('tells an outbound agent that it was understood', async () => {
    client.send(register('101', { contact: '<sip:101@a.invalid>;reg-id=1;+sip.instance="<urn:uuid:1>"' }));
    const answer = await client.next();
    expect(fieldOf(answer, 'Require')).toBe('outbound');
    expect(fieldOf(answer, 'Contact')).toContain('+sip.instance="<urn:uuid:1>"');
  });

  it('answers 423 with the least that is granted', async () => {
    client.send(register('101', { contact: '<sip:101@a.invalid>;expires=5' }));
    const answer = await client.next();
    expect([statusOf(answer), fieldOf(answer, 'Min-Expires')]).toEqual([423, '60']);
  });

  it('answers 404 for another domain', async () => {
    expect(await client.ask(register('101', { to: 'sip:101@example.com' }))).toBe(404);
  });

  it('answers 400 to a star that ends nothing', async () => {
    expect(await client.ask(register('101', { contact: '*' }))).toBe(400);
  });

  it('answers 503 with a time to wait when a number has too many phones', async () => {
    for (let phone = 0; phone < 10; phone += 1) {
      await client.ask(register('101', { contact: `<sip:${phone}@a.invalid>` }));
    }
    client.send(register('101', { contact: '<sip:11@a.invalid>' }));
    const answer = await client.next();
    expect([statusOf(answer), fieldOf(answer, 'Retry-After')]).toEqual([503, '60']);
  });

  it('lists who is there', async () => {
    await client.ask(register('+12025550123'));
    expect(proxy.registrations()).toMatchObject([{ user: '+12025550123' }]);
  });
});

describe('The local proxy with a password', () => {
  let proxy: Proxy;
  let url: string;
  let client: RawClient;

  beforeEach(async () => {
    proxy = createProxy({ domain: 'ringproof.local', clock: Date.now, password: 'secret' });
    url = await proxy.listen({ port: 0 });
    client = await RawClient.connect(url);
  });

  afterEach(async () => {
    client.close();
    await proxy.close();
  });

  it('challenges a REGISTER with 401', async () => {
    client.send(register('101'));
    const answer = await client.next();
    expect(statusOf(answer)).toBe(401);
    expect(fieldOf(answer, 'WWW-Authenticate')).toContain('realm="ringproof.local"');
  });

  it('challenges an INVITE with 407, whoever is called', async () => {
    expect(await client.ask(sip('INVITE', { uri: 'sip:nobody@ringproof.local' }))).toBe(407);
  });

  it('carries a call between agents that know it', async () => {
    const agent = await startAgent({ url, user: 'ringproof', password: 'secret' });
    const phone = await startAgent({ url, user: '101', password: 'secret' });
    const incoming = phone.nextSession();
    const outgoing = agent.ua.call('sip:101@ringproof.local', callOptions());
    const confirmed = eventOf(outgoing, 'confirmed');
    (await incoming).answer(callOptions());
    await expect(confirmed).resolves.toBeDefined();
    agent.ua.stop();
    phone.ua.stop();
  });

  it('lets an agent that is registered call with another number as its own', async () => {
    const agent = await startAgent({ url, user: 'ringproof', password: 'secret' });
    const phone = await startAgent({ url, user: '101', password: 'secret' });
    const incoming = phone.nextSession();
    agent.ua.call('sip:101@ringproof.local', { ...callOptions(), fromUserName: '+12025550100' });
    expect((await incoming).remote_identity.uri.user).toBe('+12025550100');
    agent.ua.stop();
    phone.ua.stop();
  });

  it('refuses an agent that does not', async () => {
    await expect(startAgent({ url, user: '101', password: 'wrong' })).rejects.toThrow('Rejected');
  });

  it('does not pass the answer to its challenge on to the callee', async () => {
    const agent = await startAgent({ url, user: 'ringproof', password: 'secret' });
    const phone = await startAgent({ url, user: '101', password: 'secret' });
    const incoming = phone.nextSession();
    agent.ua.call('sip:101@ringproof.local', callOptions());
    await incoming;
    expect(phone.socket.received.filter((message) => /authorization:/i.test(message))).toEqual([]);
    agent.ua.stop();
    phone.ua.stop();
  });

  it('closes a connection that guesses', async () => {
    client.send(register('101'));
    const nonce = /nonce="([^"]+)"/.exec(await client.next())?.[1];
    const closed = client.closed();
    const guess = `Authorization: Digest username="101", realm="ringproof.local", nonce="${nonce}", uri="sip:ringproof.local", response="0", qop=auth, nc=00000001, cnonce="c"`;
    for (let tries = 0; tries < 10; tries += 1) client.send(register('101', { more: [guess] }));
    expect(await closed).toBe(1008);
  });
});
