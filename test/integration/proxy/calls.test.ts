import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProxy, type Proxy } from '../../../sip-gateway/proxy/proxy.ts';
import { callOptions, eventOf, startAgent, type TestAgent } from './support/jssip-pair.ts';

describe('Two JsSIP user agents on the local proxy', () => {
  let proxy: Proxy;
  let url: string;
  let agent: TestAgent;
  let phone: TestAgent;

  beforeEach(async () => {
    proxy = createProxy({ domain: 'ringproof.local', clock: Date.now });
    url = await proxy.listen({ port: 0 });
    agent = await startAgent({ url, user: 'ringproof' });
    phone = await startAgent({ url, user: '+12025550123' });
  });

  afterEach(async () => {
    agent.ua.stop();
    phone.ua.stop();
    await proxy.close();
  });

  async function ring() {
    const incoming = phone.nextSession();
    const outgoing = agent.ua.call('sip:+12025550123@ringproof.local', callOptions());
    return { outgoing, incoming: await incoming };
  }

  async function answered() {
    const { outgoing, incoming } = await ring();
    const confirmed = Promise.all([eventOf(outgoing, 'confirmed'), eventOf(incoming, 'confirmed')]);
    incoming.answer(callOptions());
    await confirmed;
    return { outgoing, incoming };
  }

  it('are both registered', () => {
    expect(proxy.registrations().map(({ user }) => user)).toEqual(['ringproof', '+12025550123']);
  });

  it('have a call that rings, is answered and is hung up by the phone', async () => {
    const { outgoing, incoming } = await ring();
    await eventOf(outgoing, 'progress');
    const confirmed = eventOf(outgoing, 'confirmed');
    incoming.answer(callOptions());
    await confirmed;
    const ended = eventOf<{ originator: string }>(outgoing, 'ended');
    incoming.terminate();
    expect((await ended).originator).toBe('remote');
  });

  it('have a call that is hung up by its caller', async () => {
    const { outgoing, incoming } = await answered();
    const ended = eventOf<{ originator: string }>(incoming, 'ended');
    outgoing.terminate();
    expect((await ended).originator).toBe('remote');
  });

  it('pass a key as INFO', async () => {
    const { outgoing, incoming } = await answered();
    const key = eventOf<{ originator: string; dtmf: { tone: string } }>(outgoing, 'newDTMF');
    incoming.sendDTMF('7');
    expect((await key).dtmf.tone).toBe('7');
  });

  it('have a call that is refused', async () => {
    const { outgoing, incoming } = await ring();
    const failed = eventOf<{ message: { status_code: number } }>(outgoing, 'failed');
    incoming.terminate({ status_code: 486 });
    expect((await failed).message.status_code).toBe(486);
  });

  it('have a call that is canceled while it rings', async () => {
    const { outgoing, incoming } = await ring();
    await eventOf(outgoing, 'progress');
    const failed = eventOf<{ cause: string }>(incoming, 'failed');
    outgoing.terminate();
    expect((await failed).cause).toBe('Canceled');
    await expect.poll(() => agent.socket.received.some((message) => message.startsWith('SIP/2.0 487'))).toBe(true);
  });

  it('learn that nobody has that number', async () => {
    const outgoing = agent.ua.call('sip:+12025550199@ringproof.local', callOptions());
    const failed = await eventOf<{ message: { status_code: number } }>(outgoing, 'failed');
    expect(failed.message.status_code).toBe(404);
  });

  it('learn that a phone is not there now', async () => {
    const gone = new Promise((resolve) => phone.ua.once('unregistered', resolve));
    phone.ua.unregister();
    await gone;
    const outgoing = agent.ua.call('sip:+12025550123@ringproof.local', callOptions());
    const failed = await eventOf<{ message: { status_code: number } }>(outgoing, 'failed');
    expect(failed.message.status_code).toBe(480);
  });

  it('keep their call when a WebSocket drops and comes back', async () => {
    const { outgoing, incoming } = await answered();
    const back = new Promise((resolve) => phone.ua.once('registered', resolve));
    phone.socket.webSocket?.terminate();
    await back;
    const key = eventOf<{ dtmf: { tone: string } }>(outgoing, 'newDTMF');
    incoming.sendDTMF('7');
    expect((await key).dtmf.tone).toBe('7');
    const ended = eventOf<{ originator: string }>(incoming, 'ended');
    outgoing.terminate();
    expect((await ended).originator).toBe('remote');
  });

  it('keep their call when the WebSocket of a caller with another number in From drops and comes back', async () => {
    const incoming = phone.nextSession();
    const outgoing = agent.ua.call('sip:+12025550123@ringproof.local', {
      ...callOptions(),
      fromUserName: '+12025550100',
    });
    const confirmed = eventOf(outgoing, 'confirmed');
    (await incoming).answer(callOptions());
    await confirmed;
    const back = new Promise((resolve) => agent.ua.once('registered', resolve));
    agent.socket.webSocket?.terminate();
    await back;
    const key = eventOf<{ dtmf: { tone: string } }>(outgoing, 'newDTMF');
    (await incoming).sendDTMF('7');
    expect((await key).dtmf.tone).toBe('7');
  });
});
