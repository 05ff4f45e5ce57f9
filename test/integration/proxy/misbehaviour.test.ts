import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Misbehaviour } from '../../../sip-gateway/proxy/misbehaviour.ts';
import { createProxy, type Proxy } from '../../../sip-gateway/proxy/proxy.ts';
import { callOptions, eventOf, startAgent } from './support/jssip-pair.ts';
import { bodyOf, fieldOf, fieldsOf, RawClient, register, sip, statusOf } from './support/raw-client.ts';

const NUMBER = '+12025550123';

describe('The local proxy misbehaves on purpose:', () => {
  let proxy: Proxy;
  let url: string;
  let caller: RawClient;
  let callee: RawClient;

  beforeEach(async () => {
    proxy = createProxy({ domain: 'ringproof.local', clock: Date.now });
    url = await proxy.listen({ port: 0 });
    caller = await RawClient.connect(url);
    callee = await RawClient.connect(url);
    await callee.ask(register(NUMBER));
  });

  afterEach(async () => {
    caller.close();
    callee.close();
    await proxy.close();
  });

  const plan = (...misbehaviours: Misbehaviour[]) => proxy.misbehave(NUMBER, misbehaviours);

  async function ring(ids: { branch?: string; callId?: string } = {}) {
    caller.send(sip('INVITE', { ...ids, body: 'offer', more: ['Content-Type: application/sdp'] }));
    return callee.next();
  }

  /** The route of requests within the call, from the callee. */
  async function answered() {
    const arrived = await ring();
    callee.answer(arrived, '200 OK');
    await caller.nextLike('SIP/2.0 200');
    return {
      uri: 'sip:agent@client.invalid',
      from: `sip:${NUMBER}@ringproof.local`,
      to: '<sip:ringproof@ringproof.local>;tag=caller',
      callId: fieldOf(arrived, 'Call-ID'),
      more: fieldsOf(arrived, 'Record-Route').map((value) => `Route: ${value}`),
    };
  }

  it('glare: the 200 waits for the CANCEL and crosses it', async () => {
    plan({ type: 'glare' });
    const ids = { branch: 'z9hG4bK-glare', callId: 'glare' };
    const arrived = await ring(ids);
    callee.answer(arrived, '180 Ringing');
    callee.answer(arrived, '200 OK');
    await caller.nextLike('SIP/2.0 180');
    caller.send(sip('CANCEL', ids));
    const both = [fieldOf(await caller.next(), 'CSeq'), fieldOf(await caller.next(), 'CSeq')];
    expect(both).toEqual(['1 CANCEL', '1 INVITE']);
  });

  it('glare: the callee never hears of the CANCEL', async () => {
    plan({ type: 'glare' });
    const ids = { branch: 'z9hG4bK-glare', callId: 'glare' };
    callee.answer(await ring(ids), '180 Ringing');
    await caller.nextLike('SIP/2.0 180');
    caller.send(sip('CANCEL', ids));
    caller.send(sip('OPTIONS'));
    expect(await callee.next()).toMatch(/^OPTIONS/);
  });

  it('early media: the SDP of the 200 comes in a 183 first', async () => {
    plan({ type: 'early-media', answerAfterMs: 10 });
    callee.answer(await ring(), '200 OK', { body: 'answer', headers: ['Content-Type: application/sdp'] });
    const early = await caller.nextLike('SIP/2.0 183');
    const answer = await caller.next();
    expect([bodyOf(early), statusOf(answer), bodyOf(answer)]).toEqual(['answer', 200, 'answer']);
    expect(fieldOf(early, 'To')).toBe(fieldOf(answer, 'To'));
  });

  it('early media: the 183 can hold another SDP than the 200', async () => {
    plan({ type: 'early-media', sdp: 'other', answerAfterMs: 10 });
    callee.answer(await ring(), '200 OK', { body: 'answer', headers: ['Content-Type: application/sdp'] });
    expect([bodyOf(await caller.nextLike('SIP/2.0 183')), bodyOf(await caller.next())]).toEqual(['other', 'answer']);
  });

  it.each([422, 503])('reject: %i with header fields of its own, though nobody is registered', async (status) => {
    proxy.misbehave('+12025550199', [{ type: 'reject', status, headers: { 'Min-SE': '1800' } }]);
    caller.send(sip('INVITE', { uri: 'sip:+12025550199@ringproof.local' }));
    const answer = await caller.next();
    expect([statusOf(answer), fieldOf(answer, 'Min-SE')]).toEqual([status, '1800']);
  });

  it('reject: a number of times, and then no more', async () => {
    plan({ type: 'reject', status: 503, times: 1 });
    const first = await caller.ask(sip('INVITE'));
    caller.send(sip('INVITE'));
    expect([first, await callee.next()]).toEqual([503, expect.stringMatching(/^INVITE/)]);
  });

  it.each([
    ['nothing', []],
    ['trying', [100]],
    ['ringing', [100, 180]],
  ] as const)('silence: an INVITE gets %s and no more', async (after, statuses) => {
    plan({ type: 'silence', after });
    caller.send(sip('INVITE'));
    caller.send(sip('OPTIONS', { uri: 'sip:ringproof.local' }));
    const heard: number[] = [];
    while (heard.at(-1) !== 200) heard.push(statusOf(await caller.next()));
    expect(heard).toEqual([...statuses, 200]);
  });

  it('silence: a CANCEL is carried out', async () => {
    plan({ type: 'silence', after: 'ringing' });
    const ids = { branch: 'z9hG4bK-silent', callId: 'silent' };
    caller.send(sip('INVITE', ids));
    await caller.nextLike('SIP/2.0 180');
    caller.send(sip('CANCEL', ids));
    expect([statusOf(await caller.next()), statusOf(await caller.next())]).toEqual([200, 487]);
  });

  it('no 487: the callee is told to stop, the caller is told nothing', async () => {
    plan({ type: 'no-487' });
    const ids = { branch: 'z9hG4bK-no487', callId: 'no487' };
    const arrived = await ring(ids);
    callee.answer(arrived, '180 Ringing');
    await caller.nextLike('SIP/2.0 180');
    caller.send(sip('CANCEL', ids));
    await caller.nextLike('SIP/2.0 200');
    const canceled = await callee.next();
    callee.answer(arrived, '487 Request Terminated');
    const acknowledged = await callee.next();
    expect([canceled.slice(0, 6), acknowledged.slice(0, 3)]).toEqual(['CANCEL', 'ACK']);
    expect(await caller.ask(sip('OPTIONS', { uri: 'sip:ringproof.local' }))).toBe(200);
  });

  it('swallow: a BYE is lost', async () => {
    plan({ type: 'swallow', method: 'BYE' });
    const dialog = await answered();
    callee.send(sip('BYE', dialog));
    callee.send(sip('INFO', dialog));
    expect(await caller.next()).toMatch(/^INFO/);
  });

  it('duplicate INFO: the same request comes again', async () => {
    plan({ type: 'duplicate-info', copies: 3 });
    callee.send(sip('INFO', await answered()));
    const [first, ...others] = [await caller.next(), await caller.next(), await caller.next()];
    expect(others).toEqual([first, first]);
  });

  it.each([
    ['relay-lower-name', 'application/dtmf-relay', 'signal=5\r\nduration=160\r\n'],
    ['dtmf-bare', 'application/dtmf', '5'],
  ] as const)('rewritten INFO: the key comes as %s', async (form, contentType, body) => {
    plan({ type: 'rewrite-info', form });
    const dialog = await answered();
    const more = [...dialog.more, 'Content-Type: application/dtmf-relay'];
    callee.send(sip('INFO', { ...dialog, more, body: 'Signal=5\r\nDuration=100\r\n' }));
    const arrived = await caller.next();
    expect([fieldOf(arrived, 'Content-Type'), bodyOf(arrived)]).toEqual([contentType, body]);
  });

  it.each([
    ['caller', 'ringing'],
    ['callee', 'ringing'],
    ['caller', 'answer'],
    ['callee', 'answer'],
  ] as const)('dropped WebSocket: of the %s, at the %s', async (side, at) => {
    plan({ type: 'drop-connection', side, at });
    const dropped = (side === 'caller' ? caller : callee).closed();
    callee.answer(await ring(), at === 'ringing' ? '180 Ringing' : '200 OK');
    expect(await dropped).toBe(1006);
  });

  it('dropped WebSocket: right after an INFO', async () => {
    plan({ type: 'drop-connection', side: 'callee', at: 'info' });
    const dropped = callee.closed();
    callee.send(sip('INFO', await answered()));
    expect(await dropped).toBe(1006);
    expect(await caller.next()).toMatch(/^INFO/);
  });

  it('second realm: an INVITE is challenged in another realm, and passes with its password', async () => {
    plan({ type: 'second-realm', realm: 'carrier.example', password: 'other' });
    const agent = await startAgent({ url, user: 'ringproof', password: 'other' });
    agent.ua.call(`sip:${NUMBER}@ringproof.local`, callOptions());
    const arrived = await callee.next();
    expect(arrived).toMatch(/^INVITE/);
    expect(agent.socket.received.filter((message) => statusOf(message) === 407)).toEqual([
      expect.stringContaining('realm="carrier.example"'),
    ]);
    agent.ua.stop();
  });

  it('forked answer: a second 200 with another tag follows', async () => {
    plan({ type: 'forked-answer' });
    callee.answer(await ring(), '200 OK');
    const first = fieldOf(await caller.nextLike('SIP/2.0 200'), 'To');
    const second = fieldOf(await caller.next(), 'To');
    expect([first, second]).toEqual([expect.stringMatching(/;tag=callee$/), expect.stringMatching(/;tag=fork-/)]);
  });

  it('rewritten SDP: of the answer, to nothing', async () => {
    plan({ type: 'rewrite-sdp', of: 'answer', edit: () => '' });
    callee.answer(await ring(), '200 OK', { body: 'answer', headers: ['Content-Type: application/sdp'] });
    const answer = await caller.nextLike('SIP/2.0 200');
    expect([fieldOf(answer, 'Content-Type'), bodyOf(answer)]).toEqual(['', '']);
  });

  it('rewritten SDP: of the offer', async () => {
    plan({ type: 'rewrite-sdp', of: 'offer', edit: (sdp) => `${sdp}!` });
    expect(bodyOf(await ring())).toBe('offer!');
  });

  it('for everybody', async () => {
    proxy.misbehave('*', [{ type: 'reject', status: 603 }]);
    expect(await caller.ask(sip('INVITE'))).toBe(603);
  });

  it('until it is told to stop', async () => {
    plan({ type: 'reject', status: 603 });
    plan();
    expect(await ring()).toMatch(/^INVITE/);
  });

  it('from the start, when made so', async () => {
    const made = createProxy({
      domain: 'ringproof.local',
      clock: Date.now,
      misbehaviours: { [NUMBER]: [{ type: 'reject', status: 486 }] },
    });
    const client = await RawClient.connect(await made.listen({ port: 0 }));
    expect(await client.ask(sip('INVITE'))).toBe(486);
    client.close();
    await made.close();
  });

  it('never because of anything that a client says', async () => {
    const agent = await startAgent({ url, user: 'ringproof' });
    const phone = await startAgent({ url, user: '101' });
    const incoming = phone.nextSession();
    const outgoing = agent.ua.call('sip:101@ringproof.local', {
      ...callOptions(),
      extraHeaders: ['X-Misbehave: silence'],
    });
    const confirmed = eventOf(outgoing, 'confirmed');
    (await incoming).answer(callOptions());
    await expect(confirmed).resolves.toBeDefined();
    agent.ua.stop();
    phone.ua.stop();
  });
});
