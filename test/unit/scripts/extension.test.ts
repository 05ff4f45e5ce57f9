import { describe, expect, it } from 'vitest';
import { afterExtension } from '../../../sip-gateway/scripts/extension.ts';
import { createKeypadScript } from '../../../sip-gateway/scripts/keypad.ts';
import { afterOpening } from '../../../sip-gateway/scripts/opening.ts';
import { createSpokenScript } from '../../../sip-gateway/scripts/spoken.ts';
import { Conversation } from './conversation.ts';

const limits = { firstKey: 10_000, nextKey: 5_000 };
const OPENING = ['greeting'] as const;
const dialled = { type: 'dialled' } as const;

/** A company line that is told three times who calls. */
function companyLine() {
  const rounds = ['7', '2', '5'].map((digit) =>
    afterOpening(OPENING, createKeypadScript({ codeLength: 6, gateAskings: [digit, '8', '9'], limits })),
  );
  return new Conversation(afterExtension([{ key: '2' }], rounds));
}

describe('a call to a company line', () => {
  it('says nothing before the extension is keyed', () => {
    expect(companyLine().start().heard()).toEqual([]);
  });

  it('begins with who calls, once it is', () => {
    expect(companyLine().start().happens(dialled).listen().heard()).toEqual(['greeting', 'gate-ask', 'digit-7']);
  });

  it('takes no key of the switchboard for one of a person', () => {
    const call = companyLine().start().press('7777').happens(dialled).listen();
    expect(call.saying).toBeUndefined();
    expect(call.heard().at(-1)).toBe('digit-7');
  });

  it('says anew who calls while nobody keys, and asks for another digit', () => {
    const call = companyLine().start().happens(dialled).listen();
    call.heard();
    expect(call.keepSilent().listen().heard()).toEqual(['greeting', 'gate-ask', 'digit-2']);
    expect(call.press('2').saying).toBe('keypad-ask');
  });

  it('ends as no-input when nobody ever keys', () => {
    const call = companyLine().start().happens(dialled);
    for (let waits = 0; call.hangUps === 0 && waits < 10; waits += 1) {
      call.listen();
      if (call.hangUps === 0) call.keepSilent();
    }
    expect(call.outcome).toBe('no-input');
  });

  it('does not begin anew once somebody has keyed', () => {
    const call = companyLine().start().happens(dialled).listen().press('7').listen();
    call.heard();
    expect(call.keepSilent().listen().heard().join(' ')).not.toContain('greeting');
  });

  it('does not read a code anew that was read out', () => {
    const round = afterOpening(OPENING, createSpokenScript({ code: '482913', limits }));
    const call = new Conversation(afterExtension([{ key: '2' }], [round, round])).start().happens(dialled).listen();
    call.heard();
    expect(call.keepSilent().heard().join(' ')).not.toContain('greeting');
  });

  it('is hung up when the verification ends before there is anybody to tell', () => {
    expect(companyLine().start().pageSays('expired').outcome).toBe('canceled');
  });
});
