import { describe, expect, it } from 'vitest';
import { trunkVerdict } from '../../../server/commands/check-trunk-words.ts';
import type { TrunkTest } from '../../../sip-gateway/trunks/trunk-test-types.ts';

const GOOD: TrunkTest = {
  status: { ready: true },
  outcome: 'completed',
  ringingMs: 300,
  answerMs: 2_450,
  mediaMs: 120,
  codec: 'PCMA',
  sentPackets: 400,
  received: { packets: 612, lost: 3, jitterMs: 1.4, hasSound: true },
  echo: false,
  keys: { info: '123', rfc4733: '', 'in-band': '123' },
  infoTypes: ['application/dtmf-relay'],
};
const said = (test: Partial<TrunkTest> = {}) => {
  const { works, lines } = trunkVerdict({ ...GOOD, ...test });
  return { works, text: lines.join('\n') };
};

describe('what is said of a trunk', () => {
  it('that works: how fast, how well, by which ways keys came, and what to set', () => {
    expect(said()).toEqual({
      works: true,
      text: [
        'The trunk takes us.',
        'It rang after 0.30 s, was answered after 2.45 s, and the media path was up 0.12 s later.',
        'Audio flowed both ways (PCMA): 400 packets sent, 612 received, 3 lost, jitter 1.4 ms.',
        'Keys arrived by SIP INFO (application/dtmf-relay): all three; as tones in the audio: all three.',
        'Set dtmf of this trunk to ["info"] (RINGPROOF_DTMF=info).',
      ].join('\n'),
    });
  });

  it.each([
    ['rfc4733', { info: '', rfc4733: '123', 'in-band': '123' }],
    ['in-band', { info: '12', rfc4733: '', 'in-band': '123' }],
  ] as const)('is to set the best way by which all keys came: %s', (way, keys) => {
    expect(said({ keys })).toMatchObject({ works: true, text: expect.stringContaining(`RINGPROOF_DTMF=${way}`) });
  });

  it('that refuses us or is not there: that no call was placed', () => {
    const refused = { ready: false, reason: 'trunk-refused', detail: 'REGISTER: 403 Forbidden' } as const;
    expect(said({ status: refused })).toEqual({
      works: false,
      text: 'The trunk refuses us: REGISTER: 403 Forbidden. No call was placed.',
    });
    const gone = { ready: false, reason: 'trunk-unreachable', detail: 'no WebSocket connection' } as const;
    expect(said({ status: gone }).text).toContain('cannot be reached');
  });

  it('on which nobody answered: the outcome and its status, and that nothing is known', () => {
    const { answerMs: _, ...unanswered } = GOOD;
    const { works, lines } = trunkVerdict({ ...unanswered, outcome: 'busy', sipStatus: 486 });
    expect([works, lines.at(-1)]).toEqual([
      false,
      'The call was not answered: busy (SIP 486). Nothing is known of audio and keys.',
    ]);
  });

  it('that carries sound one way only', () => {
    const received = { packets: 0, lost: 0, jitterMs: 0, hasSound: false };
    expect(said({ received })).toMatchObject({ works: false, text: expect.stringContaining('No audio came back') });
  });

  it('that brings silence, or our own voice', () => {
    expect(said({ received: { ...GOOD.received, hasSound: false } }).text).toContain('What came was silence.');
    expect(said({ echo: true }).text).toContain('Our own voice came back');
  });

  it('that brings no key, or not all of them', () => {
    const none = said({ keys: { info: '', rfc4733: '', 'in-band': '' } });
    expect(none).toMatchObject({ works: false, text: expect.stringContaining('No key arrived') });
    const some = said({ keys: { info: '13', rfc4733: '', 'in-band': '' } });
    expect(some).toMatchObject({ works: false, text: expect.stringContaining('2 instead of 3') });
  });
});
