import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProxy, type Proxy } from '../../../sip-gateway/proxy/proxy.ts';
import { fieldOf, fieldsOf, RawClient, register, sip, statusOf } from './support/raw-client.ts';

describe('The local proxy', () => {
  let proxy: Proxy;
  let url: string;
  let caller: RawClient;
  let callee: RawClient;

  beforeEach(async () => {
    proxy = createProxy({ domain: 'ringproof.local', clock: Date.now });
    url = await proxy.listen({ port: 0 });
    caller = await RawClient.connect(url);
    callee = await RawClient.connect(url);
    await callee.ask(register('+12025550123'));
    await caller.ask(register('ringproof'));
  });

  afterEach(async () => {
    caller.close();
    callee.close();
    await proxy.close();
  });

  /** An answered call; what each side would keep of it. */
  async function call() {
    const invite = sip('INVITE', { more: ['Contact: <sip:agent@client.invalid;transport=ws>'] });
    caller.send(invite);
    const arrived = await callee.next();
    callee.answer(arrived, '200 OK', { headers: ['Contact: <sip:12025550123@client.invalid;transport=ws>'] });
    const answered = await caller.nextLike('SIP/2.0 200');
    const fromCaller = {
      uri: 'sip:12025550123@client.invalid;transport=ws',
      to: '<sip:+12025550123@ringproof.local>;tag=callee',
      callId: fieldOf(invite, 'Call-ID'),
      more: fieldsOf(answered, 'Record-Route')
        .toReversed()
        .map((value) => `Route: ${value}`),
    };
    const fromCallee = {
      uri: 'sip:agent@client.invalid;transport=ws',
      from: 'sip:+12025550123@ringproof.local',
      to: '<sip:ringproof@ringproof.local>;tag=caller',
      callId: fieldOf(invite, 'Call-ID'),
      more: fieldsOf(arrived, 'Record-Route').map((value) => `Route: ${value}`),
    };
    return { invite, arrived, answered, fromCaller, fromCallee };
  }

  it('answers 100 to an INVITE before anybody else does', async () => {
    expect(await caller.ask(sip('INVITE'))).toBe(100);
  });

  it('sends an INVITE to the contact that was registered', async () => {
    caller.send(sip('INVITE'));
    expect(await callee.next()).toMatch(/^INVITE sip:12025550123@client\.invalid;transport=ws SIP\/2\.0\r\n/);
  });

  it.each(['%2B12025550123', '+1-202-555-0123', '+12025550123;phone-context=x'])(
    'finds the number written as %s',
    async (user) => {
      caller.send(sip('INVITE', { uri: `sip:${user}@ringproof.local;user=phone` }));
      expect(await callee.next()).toMatch(/^INVITE/);
    },
  );

  it('finds a number written as tel URI', async () => {
    caller.send(sip('INVITE', { uri: 'tel:+1-202-555-0123' }));
    expect(await callee.next()).toMatch(/^INVITE/);
  });

  it('takes its Via off a response and leaves the rest', async () => {
    caller.send(sip('INVITE', { branch: 'z9hG4bK-mine' }));
    callee.answer(await callee.next(), '180 Ringing', { headers: ['X-Mine: kept'] });
    const ringing = await caller.nextLike('SIP/2.0 180');
    expect(fieldsOf(ringing, 'Via')).toEqual([expect.stringMatching(/branch=z9hG4bK-mine;received=127\.0\.0\.1$/)]);
    expect(fieldOf(ringing, 'X-Mine')).toBe('kept');
  });

  it('counts Max-Forwards down', async () => {
    caller.send(sip('INVITE', { maxForwards: 10 }));
    expect(fieldOf(await callee.next(), 'Max-Forwards')).toBe('9');
  });

  it('answers 483 when Max-Forwards has run out', async () => {
    expect(await caller.ask(sip('INVITE', { maxForwards: 0 }))).toBe(483);
  });

  it('answers 482 to a request that comes again as it left', async () => {
    caller.send(sip('OPTIONS', { uri: 'sip:+12025550123@ringproof.local' }));
    const forwarded = await callee.next();
    const looped = forwarded
      .replace('sip:12025550123@client.invalid;transport=ws SIP', 'sip:+12025550123@ringproof.local SIP')
      .replace('Via: ', 'Via: SIP/2.0/WS callee.invalid;branch=z9hG4bK-again\r\nVia: ');
    expect(await callee.ask(looped)).toBe(482);
  });

  it('answers 404 for a number that was never here', async () => {
    expect(await caller.ask(sip('INVITE', { uri: 'sip:+12025550199@ringproof.local' }))).toBe(404);
  });

  it('answers 404 for another domain', async () => {
    expect(await caller.ask(sip('INVITE', { uri: 'sip:+12025550123@example.com' }))).toBe(404);
  });

  it('answers 480 for a number that is not here now', async () => {
    await callee.ask(register('+12025550123', { cseq: 2, contact: '*', more: ['Expires: 0'] }));
    expect(await caller.ask(sip('INVITE'))).toBe(480);
  });

  it('answers 405 and says what is allowed to a method that it does not know', async () => {
    caller.send(sip('PUBLISH'));
    const answer = await caller.next();
    expect(statusOf(answer)).toBe(405);
    expect(fieldOf(answer, 'Allow')).toContain('INVITE');
  });

  it('answers 416 to a scheme that is not SIP', async () => {
    expect(await caller.ask(sip('INVITE', { uri: 'http://ringproof.local/', to: 'sip:a@ringproof.local' }))).toBe(416);
  });

  it('answers 420 to what it is required to know and does not', async () => {
    caller.send(sip('INVITE', { more: ['Proxy-Require: teleport'] }));
    const answer = await caller.next();
    expect(statusOf(answer)).toBe(420);
    expect(fieldOf(answer, 'Unsupported')).toBe('teleport');
  });

  it.each(['BYE', 'INFO', 'UPDATE'])('answers 481 to a %s outside of any dialog', async (method) => {
    expect(await caller.ask(sip(method))).toBe(481);
  });

  it('answers OPTIONS to itself', async () => {
    expect(await caller.ask(sip('OPTIONS', { uri: 'sip:ringproof.local' }))).toBe(200);
  });

  it('passes OPTIONS to a user', async () => {
    caller.send(sip('OPTIONS'));
    callee.answer(await callee.next(), '200 OK');
    expect(statusOf(await caller.next())).toBe(200);
  });

  it.each(['INFO', 'UPDATE', 'BYE'])('carries %s within a call from the caller', async (method) => {
    const { fromCaller } = await call();
    caller.send(sip(method, fromCaller));
    callee.answer(await callee.nextLike(method), '200 OK');
    expect(statusOf(await caller.next())).toBe(200);
  });

  it.each(['INFO', 'UPDATE', 'BYE'])('carries %s within a call from the callee', async (method) => {
    const { fromCallee } = await call();
    callee.send(sip(method, fromCallee));
    caller.answer(await caller.nextLike(method), '200 OK');
    expect(statusOf(await callee.next())).toBe(200);
  });

  it('leaves no route of its own on a request within a call', async () => {
    const { fromCaller } = await call();
    caller.send(sip('INFO', fromCaller));
    expect(fieldsOf(await callee.nextLike('INFO'), 'Route')).toEqual([]);
  });

  it('carries the ACK of a 200 to the callee', async () => {
    const { fromCaller } = await call();
    caller.send(sip('ACK', fromCaller));
    expect(await callee.next()).toMatch(/^ACK/);
  });

  it('carries a 200 that is said again until its ACK', async () => {
    const { arrived } = await call();
    callee.answer(arrived, '200 OK');
    expect(statusOf(await caller.next())).toBe(200);
  });

  it('carries a second 200 of a fork', async () => {
    const { arrived } = await call();
    callee.answer(arrived.replace(/^To: (.*)$/m, 'To: $1;tag=other'), '200 OK');
    expect(fieldOf(await caller.next(), 'To')).toContain('other');
  });

  it('acknowledges a refusal itself and keeps the caller’s ACK', async () => {
    const invite = sip('INVITE', { branch: 'z9hG4bK-refused', callId: 'refused' });
    caller.send(invite);
    callee.answer(await callee.next(), '486 Busy Here');
    const acknowledged = await callee.next();
    const refused = await caller.nextLike('SIP/2.0 486');
    caller.send(sip('ACK', { branch: 'z9hG4bK-refused', callId: 'refused', to: fieldOf(refused, 'To') }));
    caller.send(sip('OPTIONS'));
    expect(acknowledged).toMatch(/^ACK sip:12025550123@client\.invalid/);
    expect(await callee.next()).toMatch(/^OPTIONS/);
  });

  it('answers a CANCEL itself and cancels the call at the callee', async () => {
    const ids = { branch: 'z9hG4bK-canceled', callId: 'canceled' };
    caller.send(sip('INVITE', ids));
    const arrived = await callee.next();
    callee.answer(arrived, '180 Ringing');
    await caller.nextLike('SIP/2.0 180');
    caller.send(sip('CANCEL', ids));
    const answer = await caller.next();
    const cancel = await callee.next();
    callee.answer(cancel, '200 OK');
    callee.answer(arrived, '487 Request Terminated');
    expect(fieldOf(answer, 'CSeq')).toBe('1 CANCEL');
    expect(fieldOf(cancel, 'Via')).toBe(fieldOf(arrived, 'Via'));
    expect(statusOf(await caller.next())).toBe(487);
  });

  it('keeps a CANCEL until the callee has said something', async () => {
    const ids = { branch: 'z9hG4bK-early', callId: 'early' };
    caller.send(sip('INVITE', ids));
    const arrived = await callee.next();
    caller.send(sip('CANCEL', ids));
    await caller.nextLike('SIP/2.0 200');
    caller.send(sip('OPTIONS'));
    const before = await callee.next();
    callee.answer(arrived, '100 Trying');
    expect([before, await callee.next()].map((message) => message.split(' ', 1)[0])).toEqual(['OPTIONS', 'CANCEL']);
  });

  it('passes a 200 that crosses the CANCEL, so that the caller can end the call', async () => {
    const ids = { branch: 'z9hG4bK-glare', callId: 'glare' };
    caller.send(sip('INVITE', ids));
    const arrived = await callee.next();
    callee.answer(arrived, '180 Ringing');
    await caller.nextLike('SIP/2.0 180');
    caller.send(sip('CANCEL', ids));
    await caller.nextLike('SIP/2.0 200');
    callee.answer(arrived, '200 OK');
    expect(fieldOf(await caller.next(), 'CSeq')).toBe('1 INVITE');
  });

  it('answers 481 to a CANCEL of nothing', async () => {
    expect(await caller.ask(sip('CANCEL'))).toBe(481);
  });

  it('repeats its answer to a refused INVITE that is sent again', async () => {
    const invite = sip('INVITE', { uri: 'sip:+12025550199@ringproof.local' });
    const first = await caller.ask(invite);
    expect([first, await caller.ask(invite)]).toEqual([404, 404]);
  });

  it('answers 408 when the phone rings for too long, and stops its ringing', async () => {
    const impatient = createProxy({ domain: 'ringproof.local', clock: Date.now, times: { ring: 20 } });
    const address = await impatient.listen({ port: 0 });
    const [one, other] = [await RawClient.connect(address), await RawClient.connect(address)];
    await other.ask(register('+12025550123'));
    one.send(sip('INVITE'));
    const arrived = await other.next();
    other.answer(arrived, '180 Ringing');
    const cancel = await other.next();
    other.answer(arrived, '487 Request Terminated');
    expect(cancel).toMatch(/^CANCEL/);
    expect(statusOf(await one.nextLike('SIP/2.0 4'))).toBe(408);
    await impatient.close();
  });

  it('answers 408 when the callee says nothing at all', async () => {
    const impatient = createProxy({ domain: 'ringproof.local', clock: Date.now, times: { firstResponse: 20 } });
    const address = await impatient.listen({ port: 0 });
    const [one, other] = [await RawClient.connect(address), await RawClient.connect(address)];
    await other.ask(register('+12025550123'));
    one.send(sip('INVITE'));
    expect(statusOf(await one.nextLike('SIP/2.0 4'))).toBe(408);
    await impatient.close();
  });

  it('rings the phone that registered last', async () => {
    const second = await RawClient.connect(url);
    await second.ask(register('+12025550123', { contact: '<sip:second@client.invalid>' }));
    caller.send(sip('INVITE'));
    expect(await second.next()).toMatch(/^INVITE sip:second@/);
    second.close();
  });

  it('answers 480 when the connection of a ringing phone drops', async () => {
    caller.send(sip('INVITE'));
    callee.answer(await callee.next(), '180 Ringing');
    await caller.nextLike('SIP/2.0 180');
    callee.close();
    expect(statusOf(await caller.next())).toBe(480);
  });

  it('cancels the ringing when the connection of the caller drops', async () => {
    caller.send(sip('INVITE'));
    callee.answer(await callee.next(), '180 Ringing');
    await caller.nextLike('SIP/2.0 180');
    caller.close();
    expect(await callee.next()).toMatch(/^CANCEL/);
  });

  it('forgets the registration of a connection that drops', async () => {
    callee.close();
    await expect.poll(() => proxy.registrations().map(({ user }) => user)).toEqual(['ringproof']);
  });

  it('answers 480 within a call to a peer that is not connected, and finds it again when it is back', async () => {
    const { fromCaller } = await call();
    callee.close();
    await expect.poll(() => proxy.registrations().length).toBe(1);
    const away = await caller.ask(sip('INFO', fromCaller));
    const back = await RawClient.connect(url);
    await back.ask(register('+12025550123', { cseq: 2 }));
    caller.send(sip('INFO', fromCaller));
    expect(away).toBe(480);
    expect(await back.next()).toMatch(/^INFO/);
    back.close();
  });

  it('takes no route from anybody but itself', async () => {
    const { fromCaller } = await call();
    const forged = fromCaller.more.map((route) => route.replace(/sip:.{4}/, 'sip:AAAA'));
    expect(await caller.ask(sip('BYE', { ...fromCaller, more: forged }))).toBe(481);
  });

  it('takes an answer from nobody but the one who was asked', async () => {
    caller.send(sip('OPTIONS'));
    const arrived = await callee.next();
    const stranger = await RawClient.connect(url);
    stranger.answer(arrived, '486 Busy Here');
    await stranger.ask(sip('OPTIONS', { uri: 'sip:ringproof.local' }));
    callee.answer(arrived, '200 OK');
    expect(statusOf(await caller.next())).toBe(200);
    stranger.close();
  });
});
