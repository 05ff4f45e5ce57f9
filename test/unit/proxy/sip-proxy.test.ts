import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SipProxy } from '../../../sip-gateway/proxy/sip-proxy.ts';
import { FakeFlow } from './support/fake-flow.ts';
import { INVITE_LINES, text } from './support/sip-text.ts';

const REGISTER = [
  'REGISTER sip:ringproof.local SIP/2.0',
  'Via: SIP/2.0/WS bob.invalid;branch=z9hG4bKr',
  'From: <sip:bob@ringproof.local>;tag=b',
  'To: <sip:bob@ringproof.local>',
  'Call-ID: reg',
  'CSeq: 1 REGISTER',
  'Contact: <sip:bob@bob.invalid;transport=ws>',
];

describe('What the proxy keeps', () => {
  let proxy: SipProxy;
  let alice: FakeFlow;
  let bob: FakeFlow;
  let now: number;

  beforeEach(() => {
    vi.useFakeTimers();
    now = 1_000_000;
    proxy = new SipProxy({ domain: 'ringproof.local', clock: () => now, transactions: { perFlow: 5 } });
    alice = new FakeFlow('alice');
    bob = new FakeFlow('bob');
    proxy.onConnected(alice);
    proxy.onConnected(bob);
    proxy.onMessage(bob, text(REGISTER));
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const invite = (number: number, user = 'bob') =>
    proxy.onMessage(
      alice,
      text(
        INVITE_LINES.map((line) =>
          line.replace('branch=z9hG4bK1', `branch=z9hG4bK-${number}`).replace('sip:bob@', `sip:${user}@`),
        ),
      ),
    );
  const answer = (status: string) => {
    const lines = (bob.sent.findLast((message) => message.startsWith('INVITE')) ?? '').split('\r\n').slice(1, -2);
    proxy.onMessage(bob, text([`SIP/2.0 ${status}`, ...lines.filter((line) => !line.startsWith('Content'))]));
  };

  it.each(['200 OK', '486 Busy Here'])('is nothing of a call 32 s after its %s', (status) => {
    invite(1);
    answer(status);
    const during = proxy.transactionCount;
    vi.advanceTimersByTime(32_000);
    expect([during, proxy.transactionCount, vi.getTimerCount()]).toEqual([1, 0, 0]);
  });

  it('is nothing of a call that nobody answers', () => {
    invite(1);
    vi.advanceTimersByTime(64_000);
    expect([proxy.transactionCount, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('is nothing of a refusal 32 s later', () => {
    invite(1, 'nobody');
    vi.advanceTimersByTime(32_000);
    expect([alice.summary, proxy.transactionCount]).toEqual([['404'], 0]);
  });

  it('is nothing of an OPTIONS that nobody answers', () => {
    proxy.onMessage(alice, text(INVITE_LINES.map((line) => line.replace('INVITE', 'OPTIONS'))));
    vi.advanceTimersByTime(32_000);
    expect([alice.summary, proxy.transactionCount]).toEqual([[], 0]);
  });

  it('is nothing of a caller that is gone and whose callee stays silent', () => {
    invite(1);
    proxy.onDisconnected(alice);
    vi.advanceTimersByTime(64_000);
    expect(proxy.transactionCount).toBe(0);
  });

  it('is no more of one connection than allowed; the rest is answered 503', () => {
    for (let number = 1; number <= 6; number += 1) invite(number);
    expect([alice.summary.at(-1), proxy.transactionCount]).toEqual(['503', 5]);
  });

  it('is nothing after it was closed', () => {
    invite(1);
    invite(2, 'nobody');
    proxy.close();
    expect([proxy.transactionCount, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('is no registration that has expired', () => {
    now += 600_000;
    proxy.sweep();
    expect(proxy.registrations()).toEqual([]);
  });
});

describe('A number with an alias', () => {
  it('is answered by whoever is registered under the alias', () => {
    const aliases = { '+12025550199': 'bob' };
    const proxy = new SipProxy({ domain: 'ringproof.local', clock: () => 0, aliases });
    const [alice, bob] = [new FakeFlow('alice'), new FakeFlow('bob')];
    for (const flow of [alice, bob]) proxy.onConnected(flow);
    proxy.onMessage(bob, text(REGISTER));
    proxy.onMessage(alice, text(INVITE_LINES.map((line) => line.replace('sip:bob@', 'sip:+1(202)555-0199@'))));
    expect(bob.sent.at(-1)).toMatch(/^INVITE sip:bob@bob\.invalid/);
    proxy.close();
  });
});
