import { describe, expect, it } from 'vitest';
import type { PromptName } from '../../../sip-gateway/prompts/prompt-name.ts';
import { Listener, type Understood } from '../../../sip-gateway/phone/listener.ts';

function understand(prompts: readonly PromptName[], listener = new Listener()): readonly Understood[] {
  return prompts.flatMap((prompt) => [...listener.begin(prompt), ...listener.hear(prompt)]);
}

describe('a listener', () => {
  it.each(['gate-ask', 'gate-wrong', 'gate-still-there'] as const)(
    'takes the digit after "%s" for the gate’s',
    (ask) => {
      expect(understand(['greeting', ask, 'digit-7'])).toEqual([{ type: 'gate', digit: '7' }]);
    },
  );

  it('counts how often it was asked for a code', () => {
    expect(understand(['keypad-ask', 'keypad-wrong', 'keypad-again'])).toEqual([
      { type: 'asked', time: 1 },
      { type: 'asked', time: 2 },
      { type: 'asked', time: 3 },
    ]);
  });

  it('puts the digits after an introduction together to a code once another phrase begins', () => {
    expect(understand(['code-intro', 'digit-4', 'digit-0', 'digit-4', 'warning'])).toEqual([
      { type: 'code', code: '404' },
    ]);
  });

  it('tells a code after a pause', () => {
    const listener = new Listener();
    expect(understand(['code-last', 'digit-1', 'digit-2'], listener)).toEqual([]);
    expect(listener.pause()).toEqual([{ type: 'code', code: '12' }]);
  });

  it('tells a code with its last digit where the length is known', () => {
    expect(understand(['code-intro', 'digit-1', 'digit-2'], new Listener(2))).toEqual([{ type: 'code', code: '12' }]);
  });

  it('tells a code again each time that it is read out', () => {
    const reading: readonly PromptName[] = ['code-intro', 'digit-5', 'warning', 'code-repeat', 'digit-5', 'code-last'];
    expect(understand(reading)).toEqual([
      { type: 'code', code: '5' },
      { type: 'code', code: '5' },
    ]);
  });

  it.each(['code-repeat', 'verdict-canceled', 'verdict-verified', 'report-done'] as const)(
    'takes digits for no code where "%s" may have cut the reading short',
    (prompt) => {
      expect(understand(['code-intro', 'digit-4', 'digit-8', prompt])).toEqual([]);
    },
  );

  it('takes the digit after the hint for that of those who did not ask for the call', () => {
    expect(understand(['report-hint', 'digit-9', 'gate-ask', 'digit-4'])).toEqual([
      { type: 'report-key', digit: '9' },
      { type: 'gate', digit: '4' },
    ]);
  });

  it('is asked for the keys of a trunk’s test', () => {
    expect(understand(['trunk-test'])).toEqual([{ type: 'test', keys: '123' }]);
  });

  it('does not take the gate’s digit for a code', () => {
    expect(understand(['gate-ask', 'digit-3', 'goodbye'])).toEqual([{ type: 'gate', digit: '3' }]);
  });

  it('makes nothing of digits that nobody announced', () => {
    expect(understand(['greeting', 'digit-3', 'goodbye'])).toEqual([]);
  });
});
