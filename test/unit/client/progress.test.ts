import { describe, expect, it } from 'vitest';
import type { CallStateName, VerificationView } from '../../../server/http/contract.ts';
import { announcementOf } from '../../../client/visitor/progress-timeline.ts';
import { timelineRows, type TimelineRow } from '../../../client/visitor/timeline-rows.ts';
import { waysOn } from '../../../client/visitor/ways-on.ts';
import { en } from '../../../client/words/en.ts';
import { OUTCOMES } from '../../../server/verification/call.ts';
import { VERIFICATION_STATUSES } from '../../../server/verification/verification.ts';
import { aView } from '../../fakes/a-view.ts';

const BOTH = ['keypad', 'spoken'] as const;

function sketch(rows: readonly TimelineRow[]): string {
  return rows.map((row) => ('step' in row ? `${row.step}:${row.phase}` : row.outcome)).join(' ');
}

function rowsAt(state: CallStateName, seen: readonly CallStateName[], changes: Partial<VerificationView> = {}): string {
  return sketch(timelineRows(aView({ ...changes, call: { state } }), new Set(seen)));
}

describe('the timeline of a call', () => {
  it('shows what is over, what lasts, and what comes', () => {
    expect(rowsAt('answered', ['dialing', 'ringing', 'answered'])).toBe(
      'dialing:done ringing:done answered:now gate:next collecting:next verdict:next',
    );
  });

  it('has the speaking of the code in place of its keying for the spoken method', () => {
    expect(rowsAt('gate', ['dialing', 'gate'], { method: 'spoken' })).toBe(
      'dialing:done answered:done gate:now speaking:next verdict:next',
    );
  });

  it('leaves out a gate that the call went past', () => {
    expect(rowsAt('collecting', ['dialing', 'ringing', 'answered', 'collecting'])).toBe(
      'dialing:done ringing:done answered:done collecting:now verdict:next',
    );
  });

  it('does not announce a gate where there is none', () => {
    expect(rowsAt('ringing', ['dialing', 'ringing'], { gateDigits: 0 })).toBe(
      'dialing:done ringing:now answered:next collecting:next verdict:next',
    );
  });

  it('shows the wait for a line in place of the dialing', () => {
    expect(rowsAt('queued', [])).toBe('queued:now ringing:next answered:next gate:next collecting:next verdict:next');
  });

  it('ends with the outcome, after the steps that were reached', () => {
    const view = aView({ status: 'failed', call: { state: 'ended', outcome: 'busy' } });
    expect(sketch(timelineRows(view, new Set(['dialing', 'ended'])))).toBe('dialing:done busy');
  });
});

describe('what is said of the gate', () => {
  it.each([
    [1, en.steps.gate],
    [2, en.severalDigits],
    [4, en.severalDigits],
  ])('speaks of as many digits as there are: %i', (gateDigits, { now, hint }) => {
    expect(announcementOf('gate', { method: 'keypad', gateDigits }, en)).toBe(`${now}. ${hint}`);
  });
});

describe('the ways on', () => {
  it('exist for every status, every reason and every outcome', () => {
    const views = VERIFICATION_STATUSES.flatMap((status) =>
      OUTCOMES.map((outcome) => aView({ status, reason: outcome, call: { state: 'ended', outcome } })),
    );
    expect(views.filter((view) => waysOn(view, BOTH).length === 0)).toEqual([]);
  });

  it('are only to cancel while the call goes on', () => {
    expect(waysOn(aView({ call: { state: 'ringing' } }), BOTH)).toEqual(['cancel']);
  });

  it('begin with another call once it has ended and the code is still awaited', () => {
    expect(waysOn(aView({ method: 'spoken', call: { state: 'ended' } }), BOTH)).toEqual([
      'call-again',
      'change',
      'cancel',
    ]);
  });

  it.each(['busy', 'no-answer', 'rejected', 'hung-up', 'media-failed', 'trunk-unavailable'] as const)(
    'begin with trying again after %s',
    (reason) => {
      expect(waysOn(aView({ status: 'failed', reason }), BOTH)).toEqual(['try-again', 'change']);
    },
  );

  it.each(['locked', 'expired', 'canceled'] as const)('begin with starting again when it is %s', (status) => {
    expect(waysOn(aView({ status }), BOTH)).toEqual(['start-again', 'change']);
  });

  it('begin with the number when the number is what was wrong', () => {
    expect(waysOn(aView({ status: 'failed', reason: 'invalid-number' }), BOTH)).toEqual(['change-number']);
  });

  it('offer the other method when the keys were what failed, if there is one', () => {
    const view = aView({ status: 'failed', reason: 'no-input' });
    expect([waysOn(view, BOTH), waysOn(view, ['keypad'])]).toEqual([
      ['try-again', 'other-method', 'change-number'],
      ['try-again', 'change'],
    ]);
  });
});
