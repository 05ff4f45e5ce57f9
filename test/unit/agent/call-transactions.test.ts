/* oxlint-disable typescript/no-unsafe-type-assertion -- stand-ins for JsSIP's objects have only what is asked of them */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallTransactions } from '../../../sip-gateway/agent/call-transactions.ts';
import { LateByes } from '../../../sip-gateway/agent/late-byes.ts';
import type { RTCSession, Transaction } from '../../../sip-gateway/sip/jssip.ts';
import type { UserAgent } from '../../../sip-gateway/sip/user-agent.ts';

/** Only what CallTransactions asks of JsSIP when nothing is on the wire. */
function canceledCall() {
  const destroyed: Transaction[] = [];
  let over = 0;
  const session = {
    isEnded: () => true,
    connection: null,
    _earlyDialogs: {},
    removeAllListeners() {},
  } as unknown as RTCSession;
  const userAgent = {
    destroyRTCSession() {},
    destroyTransaction(transaction: Transaction) {
      destroyed.push(transaction);
      transactions.over(transaction);
    },
  } as unknown as UserAgent;
  const transactions = new CallTransactions(
    { userAgent, session, lateByes: new LateByes() },
    {
      onInfo() {},
      onOver: () => {
        over += 1;
      },
    },
  );
  const invite = {
    type: 'ict',
    request: { method: 'INVITE' },
    eventHandlers: { onReceiveResponse() {}, onTransportError() {}, onRequestTimeout() {} },
  } as unknown as Transaction;
  return { transactions, invite, destroyed, over: () => over };
}

describe('the transactions of a canceled call', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are swept up when the 487 never comes: JsSIP would keep them for ever', () => {
    const { transactions, invite, destroyed, over } = canceledCall();
    transactions.begun(invite);
    transactions.sessionEnded();
    vi.advanceTimersByTime(31_999);
    expect(destroyed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(destroyed).toEqual([invite]);
    expect(over()).toBe(1);
  });

  it('leave no timer when the 487 comes', () => {
    const { transactions, invite, over } = canceledCall();
    transactions.begun(invite);
    transactions.sessionEnded();
    transactions.over(invite);
    expect(over()).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
