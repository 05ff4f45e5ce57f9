import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InviteForwarding } from '../../../sip-gateway/proxy/invite-forwarding.ts';
import { FakeFlow } from './support/fake-flow.ts';
import { INVITE_LINES, inviteWith, readRequest, readResponse, text } from './support/sip-text.ts';

describe('An INVITE on its way', () => {
  let caller: FakeFlow;
  let callee: FakeFlow;
  let isOver: boolean;
  let forwarding: InviteForwarding;

  beforeEach(() => {
    vi.useFakeTimers();
    caller = new FakeFlow('caller');
    callee = new FakeFlow('callee');
    isOver = false;
    forwarding = new InviteForwarding({
      received: readRequest(text(INVITE_LINES)),
      sent: readRequest(inviteWith({ Via: 'SIP/2.0/WS ringproof.local;branch=z9hG4bK9', Route: '<sip:next@x;lr>' })),
      caller,
      callee,
      times: { firstResponse: 32_000, ring: 180_000, linger: 32_000 },
      onOver: () => (isOver = true),
    });
    forwarding.start();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const answer = (status: number) =>
    forwarding.onResponse(readResponse(text([`SIP/2.0 ${status} X`, ...INVITE_LINES.slice(1)])));

  it('is answered 408 after 32 s without a word from the callee', () => {
    vi.advanceTimersByTime(31_999);
    const before = [...caller.summary];
    vi.advanceTimersByTime(1);
    expect([before, caller.summary]).toEqual([['100'], ['100', '408']]);
  });

  it('may ring for three minutes after the last sign of life', () => {
    answer(180);
    vi.advanceTimersByTime(179_000);
    answer(183);
    vi.advanceTimersByTime(179_999);
    const before = [...callee.summary];
    vi.advanceTimersByTime(1);
    expect([before, callee.summary]).toEqual([['INVITE'], ['INVITE', 'CANCEL']]);
  });

  it('is answered 408 when the callee ends its ringing', () => {
    answer(180);
    vi.advanceTimersByTime(180_000);
    answer(487);
    expect([caller.summary, callee.summary]).toEqual([
      ['100', '180', '408'],
      ['INVITE', 'CANCEL', 'ACK'],
    ]);
  });

  it('is answered 408 when the callee does not even answer the CANCEL', () => {
    answer(180);
    vi.advanceTimersByTime(180_000 + 32_000);
    expect(caller.summary).toEqual(['100', '180', '408']);
  });

  it('is answered 200 when the phone is picked up as it is given up', () => {
    answer(180);
    vi.advanceTimersByTime(180_000);
    answer(200);
    expect(caller.summary).toEqual(['100', '180', '200']);
  });

  it('is answered 487 when it was canceled and the callee stays silent', () => {
    answer(180);
    forwarding.cancel();
    vi.advanceTimersByTime(32_000);
    expect([caller.summary, callee.summary]).toEqual([
      ['100', '180', '487'],
      ['INVITE', 'CANCEL'],
    ]);
  });

  it('is canceled once, however often it is asked for', () => {
    answer(180);
    forwarding.cancel();
    forwarding.cancel();
    forwarding.onCallerGone();
    answer(183);
    expect(callee.summary).toEqual(['INVITE', 'CANCEL']);
  });

  it('is not canceled after it was answered', () => {
    answer(200);
    forwarding.cancel();
    expect(callee.summary).toEqual(['INVITE']);
  });

  it('lets no ringing through after a CANCEL', () => {
    forwarding.cancel();
    answer(180);
    expect(caller.summary).toEqual(['100']);
  });

  it('lets no refusal through after a 200', () => {
    answer(200);
    answer(486);
    expect(caller.summary).toEqual(['100', '200']);
  });

  it('lets every 200 through for 32 s, and then is over', () => {
    answer(200);
    vi.advanceTimersByTime(31_999);
    answer(200);
    vi.advanceTimersByTime(1);
    expect([caller.summary, isOver]).toEqual([['100', '200', '200'], true]);
  });

  it('acknowledges every repetition of a refusal and tells the caller once', () => {
    answer(486);
    answer(486);
    expect([caller.summary, callee.summary]).toEqual([
      ['100', '486'],
      ['INVITE', 'ACK', 'ACK'],
    ]);
  });

  it('repeats a refusal to a caller who asks again', () => {
    answer(486);
    forwarding.onRepeated();
    expect(caller.summary).toEqual(['100', '486', '486']);
  });

  it('sends CANCEL and ACK the way of the INVITE', () => {
    answer(180);
    forwarding.cancel();
    answer(487);
    const [, cancel = '', ack = ''] = callee.sent;
    for (const message of [cancel, ack]) {
      expect(message).toContain('Via: SIP/2.0/WS ringproof.local;branch=z9hG4bK9\r\n');
      expect(message).toContain('Route: <sip:next@x;lr>\r\n');
    }
  });

  it('says nothing to a caller whose connection is gone', () => {
    answer(180);
    forwarding.onCallerGone();
    answer(487);
    expect([caller.summary, callee.summary]).toEqual([
      ['100', '180'],
      ['INVITE', 'CANCEL', 'ACK'],
    ]);
  });

  it('is answered 480 when the connection of the callee is gone', () => {
    answer(180);
    forwarding.onCalleeGone();
    expect(caller.summary).toEqual(['100', '180', '480']);
  });

  it('leaves no timer behind when it is closed', () => {
    answer(180);
    forwarding.close();
    forwarding.close();
    expect([vi.getTimerCount(), isOver]).toEqual([0, true]);
  });
});
