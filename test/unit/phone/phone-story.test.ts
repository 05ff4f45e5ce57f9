import { describe, expect, it } from 'vitest';
import type { PhoneEvent, PhoneHappening } from '../../../sip-gateway/phone/phone-event.ts';
import { PhoneStory } from '../../../sip-gateway/phone/phone-story.ts';
import type { PromptName } from '../../../sip-gateway/prompts/prompt-name.ts';

/** The lines of these happenings, one each second, as `second text`. */
function tell(...happenings: readonly PhoneHappening[]): readonly string[] {
  const story = new PhoneStory();
  const events = happenings.map((happening, index): PhoneEvent => ({ ...happening, at: index * 1000, call: 1 }));
  const lines = [...events.flatMap((event) => story.tell(event)), ...story.flush()];
  return lines.map(({ at, text }) => `${at / 1000} ${text}`);
}

const hearing = (prompt: PromptName): PhoneHappening => ({ type: 'hearing', prompt, locale: 'en' });
const heard = (prompt: PromptName, { complete = true, locale = 'en' } = {}): PhoneHappening => ({
  type: 'heard',
  prompt,
  locale,
  startMs: 0,
  endMs: 0,
  complete,
});

describe('the story of a phone', () => {
  it('tells a phrase when it began, in its words', () => {
    expect(tell(hearing('code-intro'), heard('code-intro'))).toEqual(['0 heard: «Your code is»']);
  });

  it('tells whom the phone called', () => {
    expect(tell({ type: 'calling', to: '+12025550199' }, { type: 'answered' })).toEqual([
      '0 calls +12025550199',
      '1 answered',
    ]);
  });

  it('puts digits behind the phrase that they follow', () => {
    expect(tell(heard('code-intro'), hearing('digit-4'), heard('digit-4'), heard('digit-9'))).toEqual([
      '0 heard: «Your code is» 4 9',
    ]);
  });

  it.each([
    ['who calls', ['greeting', 'operator-name'], '«Hello. This is a verification call from» Ringproof'],
    ['a word', ['word-intro', 'word-0'], '«Your web page shows the word» maple'],
    [
      'an amount',
      ['payment-intro', 'digit-4', 'decimal-point', 'digit-9', 'currency-eur'],
      '«You are approving a payment of» 4 point 9 euros',
    ],
  ] as const)('puts %s behind the phrase that leads it in', (_, prompts, line) => {
    expect(tell(...prompts.flatMap((prompt) => [hearing(prompt), heard(prompt)]))).toEqual([`0 heard: ${line}`]);
  });

  it('begins a line with a phrase after what belonged to the one before', () => {
    expect(tell(heard('word-intro'), heard('word-0'), hearing('report-hint'), heard('report-hint'))).toHaveLength(2);
  });

  it('tells that a switchboard put a caller through', () => {
    expect(tell({ type: 'put-through', extension: '204' }, { type: 'picked-up' })).toEqual([
      '0 the switchboard hears 2 0 4, and a telephone inside rings',
      '1 it is picked up',
    ]);
  });

  it('says so when a phrase was cut off', () => {
    expect(tell(heard('goodbye', { complete: false }))).toEqual(['0 heard: «Goodbye.» (cut off)']);
  });

  it('speaks the language of the call', () => {
    expect(tell(heard('code-intro', { locale: 'zh' }))).toEqual(['0 heard: «您的验证码是»']);
  });

  it('puts keys that were pressed in one go on one line', () => {
    expect(tell({ type: 'keyed', key: '4', way: 'info' }, { type: 'keyed', key: '2', way: 'info' })).toEqual([
      '0 keyed by INFO: 4 2',
    ]);
  });

  it('has a line for each way in which keys were pressed', () => {
    expect(tell({ type: 'keyed', key: '4', way: 'info' }, { type: 'keyed', key: '4', way: 'in-band' })).toEqual([
      '0 keyed by INFO: 4',
      '1 keyed as tones: 4',
    ]);
  });

  it('tells the code that was read out on a line of its own', () => {
    expect(tell(heard('code-intro'), heard('digit-4'), { type: 'code', code: '4' })).toEqual([
      '0 heard: «Your code is» 4',
      '2 the code is 4',
    ]);
  });

  it('tells how a call came and went', () => {
    expect(
      tell(
        { type: 'ringing', from: 'ringproof' },
        { type: 'answered' },
        { type: 'ended', end: 'caller-hung-up', cause: '' },
      ),
    ).toEqual(['0 rings, called by ringproof', '1 answered', '2 the caller hung up']);
  });

  it('tells the word that page and call share as the page shows it, of the operator’s own list too', () => {
    const story = new PhoneStory([{ locale: 'it', words: ['mela', 'fiume'] }]);
    story.tell({ ...heard('word-1', { locale: 'it' }), at: 0, call: 1 });
    expect(story.flush()).toEqual([{ at: 0, text: 'heard: «fiume»' }]);
  });

  it('knows since when a line is open, so that others can wait for it', () => {
    const story = new PhoneStory();
    story.tell({ ...hearing('greeting'), at: 5, call: 1 });
    expect(story.openSince).toBe(5);
    story.flush();
    expect(story.openSince).toBeUndefined();
  });
});
