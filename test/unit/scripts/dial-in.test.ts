import { describe, expect, it } from 'vitest';
import { createDialInScript } from '../../../sip-gateway/scripts/dial-in.ts';
import type { ScriptAction, ScriptEvent } from '../../../sip-gateway/scripts/call-script.ts';
import { Conversation } from './conversation.ts';

const LIMITS = { firstKey: 10_000, nextKey: 5_000 };

function play(script: ReturnType<typeof createDialInScript>, events: readonly ScriptEvent[]): readonly ScriptAction[] {
  let state = script.initial;
  return events.flatMap((event) => {
    const step = script.step(state, event, 0);
    state = step.state;
    return step.actions;
  });
}

const aCall = () => new Conversation(createDialInScript({ codeLength: 6, limits: LIMITS })).start().listen();

const keys = (code: string): readonly ScriptEvent[] => Array.from(code, (key) => ({ type: 'key', key }));

describe('a call that came in', () => {
  it('is asked for its code at once, without a gate', () => {
    const actions = play(createDialInScript({ codeLength: 6, limits: LIMITS }), [
      { type: 'started' },
      ...keys('482913'),
    ]);
    expect(actions).toContainEqual({ type: 'play', utterance: ['keypad-ask'] });
    expect(actions.at(-1)).toEqual({ type: 'submit', code: '482913' });
  });

  it('may try three codes', () => {
    const tries = [1, 2, 3].flatMap((): readonly ScriptEvent[] => [
      ...keys('111111'),
      { type: 'code-verdict', verdict: 'wrong-code' },
    ]);
    const actions = play(createDialInScript({ codeLength: 6, limits: LIMITS }), [
      { type: 'started' },
      ...tries,
      { type: 'played' },
    ]);
    expect(actions.filter(({ type }) => type === 'submit')).toHaveLength(3);
    expect(actions.at(-1)).toEqual({ type: 'hang-up', outcome: 'wrong-code' });
  });

  it('is told after the last of them that the code was wrong, not that all is over: another call may bring it', () => {
    const call = aCall();
    for (let tries = 0; tries < 3; tries += 1) call.press('111111').codeIs('wrong-code').listen();
    expect([call.heard().at(-1), call.progress]).toEqual([
      'keypad-wrong goodbye',
      expect.not.arrayContaining(['verdict']),
    ]);
  });

  it('is told that all is over when it is', () => {
    const call = aCall().press('111111').codeIs('locked').listen();
    expect([call.heard().at(-1), call.outcome]).toEqual(['verdict-locked goodbye', 'wrong-code']);
  });

  it.each([
    ['nothing', '', 'no-input goodbye'],
    ['not the whole code', '4829', 'keypad-again goodbye'],
  ])('that keys %s is told so and may call again', (_, some, words) => {
    const call = aCall();
    for (let tries = 0; tries < 3; tries += 1) call.press(some).keepSilent().listen();
    expect([call.heard().at(-1), call.outcome]).toEqual([words, 'no-input']);
  });

  it('is promised nothing when nobody can say whether its code was right', () => {
    const call = aCall().press('482913').keepSilent().listen();
    expect([call.heard().at(-1), call.outcome]).toEqual(['goodbye', 'hung-up']);
  });

  it.each([
    ['unknown', 'dial-in-unknown'],
    ['withheld', 'dial-in-withheld'],
    ['no-code', 'dial-in-no-code'],
  ] as const)('hears why nothing is asked (%s) and is hung up, whatever it keys', (words, prompt) => {
    const script = createDialInScript({ codeLength: 0, limits: LIMITS, words });
    expect(play(script, [{ type: 'started' }, ...keys('482913'), { type: 'played' }])).toEqual([
      { type: 'play', utterance: [prompt, { pause: 300 }, 'goodbye'] },
      { type: 'hang-up', outcome: 'rejected' },
    ]);
  });
});
