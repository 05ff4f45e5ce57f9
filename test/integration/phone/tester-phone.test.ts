import { afterEach, describe, expect, it } from 'vitest';
import { createKeyEar } from '../../../sip-gateway/dtmf/key-ear.ts';
import { openPhoneLine, type CallerCall, type LineOptions, type PhoneLine } from './line.ts';

let line: PhoneLine | undefined;
afterEach(async () => {
  await line?.close();
  line = undefined;
});

async function open(options: LineOptions = {}): Promise<PhoneLine> {
  line = await openPhoneLine(options);
  return line;
}

function promptsHeardBy({ phone }: PhoneLine): readonly string[] {
  return phone.calls.flatMap(({ heard }) => heard.map(({ prompt, complete }) => (complete ? prompt : `${prompt}…`)));
}

/** The keys as the voice server understands them. */
function keysOf({ infos, packets }: CallerCall): string {
  let keys = '';
  const ear = createKeyEar({
    dtmf: ['info', 'rfc4733'],
    onKey: (key) => (keys += key),
    onPacketsNeeded: () => {},
    now: Date.now,
  });
  ear.open({ codec: 'PCMU', payloadType: 0, telephoneEvent: 101 });
  for (const info of infos) ear.info(info);
  for (const packet of packets) ear.packet(packet);
  return keys;
}

describe('a tester’s phone', () => {
  it.each(['PCMU', 'PCMA'] as const)('hears every prompt that is played, whole (%s)', async (codec) => {
    const opened = await open({ codecs: [codec] });
    const caller = opened.ring();
    await caller.up;
    await caller.say(['code-intro', { pause: 300 }, 'digit-4', { pause: 500 }, 'digit-9', { pause: 200 }, 'goodbye']);
    caller.call.hangUp('completed');
    await caller.ended;
    await expect.poll(() => opened.phone.currentCall).toBeUndefined();
    expect(promptsHeardBy(opened)).toEqual(['code-intro', 'digit-4', 'digit-9', 'goodbye']);
  });

  it('says the code that was read out', async () => {
    const opened = await open();
    const code = opened.phone.next(({ type }) => type === 'code', 10_000);
    const caller = opened.ring();
    await caller.up;
    await caller.say(['code-intro', 'digit-4', { pause: 500 }, 'digit-9', { pause: 500 }, 'digit-9']);
    expect(await code).toMatchObject({ code: '499' });
  });

  it('says nothing of a code of which the end was not heard before the hang-up', async () => {
    const opened = await open();
    const caller = opened.ring();
    await caller.up;
    await caller.say(['code-intro', 'digit-4', { pause: 500 }, 'digit-9', { pause: 100 }]);
    caller.call.hangUp('completed');
    await caller.ended;
    await expect.poll(() => opened.phone.currentCall).toBeUndefined();
    expect(opened.events.map(({ type }) => type)).not.toContain('code');
  });

  it('says that a prompt was cut off', async () => {
    const opened = await open();
    const caller = opened.ring();
    await caller.up;
    const began = opened.phone.next(({ type }) => type === 'hearing', 5_000);
    void caller.say(['keypad-ask']);
    await began;
    caller.hush();
    caller.call.hangUp('completed');
    await expect.poll(() => promptsHeardBy(opened)).toEqual(['keypad-ask…']);
  });

  it.each(['info', 'rfc4733'] as const)('presses the digit that the gate asks for (%s)', async (keyWay) => {
    const opened = await open({ manner: { keyWay } });
    const caller = opened.ring();
    await caller.up;
    await caller.say(['gate-ask', 'digit-7']);
    await expect.poll(() => keysOf(caller), { timeout: 3_000 }).toBe('7');
  });

  it('lets the gate alone when told to', async () => {
    const opened = await open({ manner: { passGate: false } });
    const caller = opened.ring();
    await caller.up;
    await caller.say(['gate-ask', 'digit-7', { pause: 600 }]);
    expect(keysOf(caller)).toBe('');
  });

  it.each(['info', 'rfc4733'] as const)('keys the code for each time that it is asked (%s)', async (keyWay) => {
    const opened = await open({ manner: { keyWay, codeFor: (time) => ['1122', '*#0'][time - 1] } });
    const caller = opened.ring();
    await caller.up;
    await caller.say(['keypad-ask']);
    await expect.poll(() => keysOf(caller), { timeout: 4_000 }).toBe('1122');
    await caller.say(['keypad-wrong']);
    await expect.poll(() => keysOf(caller), { timeout: 4_000 }).toBe('1122*#0');
  });

  it.each([
    ['is busy', { manner: { onRing: 'busy' }, seen: { outcome: 'busy', sipStatus: 486 }, end: 'busy' }],
    ['rejects', { manner: { onRing: 'reject' }, seen: { outcome: 'rejected', sipStatus: 603 }, end: 'rejected' }],
    ['does not answer', { manner: { onRing: 'ignore' }, seen: { outcome: 'no-answer' }, end: 'canceled' }],
    ['hangs up early', { manner: { hangUpAfter: 200 }, seen: { outcome: 'hung-up' }, end: 'phone-hung-up' }],
  ] as const)('%s when told to', async (_does, { manner, seen, end }) => {
    const opened = await open({ manner, ringLimit: 2_000 });
    const caller = opened.ring();
    expect(await caller.ended).toMatchObject(seen);
    await expect.poll(() => opened.phone.calls[0]?.end).toBe(end);
  });

  it('takes one call after the other', async () => {
    const opened = await open({ manner: { hangUpAfter: 50 } });
    await opened.ring().ended;
    await expect.poll(() => opened.phone.currentCall).toBeUndefined();
    await opened.ring().ended;
    await expect.poll(() => opened.phone.calls.map(({ end }) => end)).toEqual(['phone-hung-up', 'phone-hung-up']);
  });

  it('is busy for a second caller while a call is up', async () => {
    const opened = await open();
    await opened.ring().up;
    expect(await opened.ring().ended).toMatchObject({ outcome: 'busy' });
  });

  it('can be called no more once it is closed', async () => {
    const opened = await open();
    await opened.phone.close();
    expect(await opened.ring().ended).toMatchObject({
      outcome: expect.stringMatching(/unreachable|no-answer|invalid/),
    });
  });

  it('registers with a password', async () => {
    const opened = await open({ password: 'open sesame' });
    expect(opened.events.map(({ type }) => type)).toEqual(['registered']);
  });

  it('says why when the proxy refuses it', async () => {
    await expect(openPhoneLine({ password: 'open sesame', phonePassword: 'wrong' })).rejects.toThrow(
      /refuses to register \+12025550123: 40[13]/,
    );
  });
});
