import { describe, expect, it, onTestFinished } from 'vitest';
import { promptsIn } from '../../fakes/tiny-prompts.ts';
import {
  gateDigits,
  heard,
  keyByInfo,
  keyByRtp,
  keyByTone,
  openVoiceLine,
  type VoiceLine,
  type VoiceLineOptions,
} from '../../fakes/voice-line.ts';
import type { PhoneCall } from '../../fakes/test-phone.ts';
import { until } from '../../support/until.ts';

async function open(options?: VoiceLineOptions): Promise<VoiceLine> {
  const line = await openVoiceLine(options);
  onTestFinished(() => line.close());
  return line;
}

/** The keys that a switchboard got as events, one for each that begins. */
function keyedByEvents({ packets }: PhoneCall): string {
  const starts = packets.filter(({ payloadType, marker }) => payloadType === 101 && marker);
  return starts.map(({ payload }) => '0123456789*#ABCD'[payload[0] ?? 0]).join('');
}

describe('a keypad call', () => {
  it('asks for the gate digit and the code, hands the code over and speaks the verdict', async () => {
    const line = await open();
    const ringing = line.phone.nextCall();
    const id = line.place({ gateDigits: 1 });
    const call = await ringing;
    keyByInfo(call, await gateDigits(call));
    await heard(call, 'keypad-ask');
    keyByInfo(call, '492067');
    expect(await line.code(id)).toBe('492067');
    line.server.receive({ type: 'code-verdict', callId: id, seq: 1, verdict: 'verified' });
    expect(await line.ended(id)).toEqual({ outcome: 'completed', codeDelivered: true, trunk: 'default' });
    expect(promptsIn(call.packets).slice(-2)).toEqual(['verdict-verified', 'goodbye']);
    expect(line.progress(id)).toEqual([
      'dialing',
      'ringing',
      'answered',
      'gate',
      ...Array.from({ length: 7 }, (_, keys) => `collecting ${keys}`),
      'verdict',
    ]);
  });

  it.each([
    ['INFO', keyByInfo],
    ['RFC 4733', keyByRtp],
  ] as const)('takes two digits at the gate and the code right after them, by %s', async (_, key) => {
    const line = await open();
    const ringing = line.phone.nextCall();
    const id = line.place({ gateDigits: 2 });
    const call = await ringing;
    key(call, `${await gateDigits(call, 2)}492067`);
    expect(await line.code(id)).toBe('492067');
  });

  it('takes a second code after a wrong one', async () => {
    const line = await open();
    const ringing = line.phone.nextCall();
    const id = line.place();
    const call = await ringing;
    await heard(call, 'keypad-ask');
    keyByInfo(call, '111111');
    await line.code(id);
    line.server.receive({ type: 'code-verdict', callId: id, seq: 1, verdict: 'wrong-code' });
    await heard(call, 'keypad-wrong');
    keyByInfo(call, '222222');
    expect(await line.code(id, 2)).toBe('222222');
    line.server.receive({ type: 'code-verdict', callId: id, seq: 2, verdict: 'verified' });
    expect((await line.ended(id)).outcome).toBe('completed');
  });

  it('hears keys by RFC 4733, during the prompt too, each press once', async () => {
    const line = await open();
    const ringing = line.phone.nextCall();
    const id = line.place();
    const call = await ringing;
    await heard(call, 'keypad-ask');
    keyByRtp(call, '007007');
    expect(await line.code(id)).toBe('007007');
  });

  it('counts a key once that comes by INFO and by RFC 4733', async () => {
    const line = await open();
    const ringing = line.phone.nextCall();
    const id = line.place();
    const call = await ringing;
    await heard(call, 'keypad-ask');
    for (const [index, key] of '314159'.split('').entries()) {
      keyByRtp(call, key, index * 1600);
      keyByInfo(call, key);
    }
    expect(await line.code(id)).toBe('314159');
  });

  it('hears tones in the audio where the other side knows no telephone-event', async () => {
    const line = await open();
    line.switchboard.meddle = (message) => message.replaceAll('telephone-event', 'telephone-other');
    const ringing = line.phone.nextCall();
    const id = line.place();
    const call = await ringing;
    await heard(call, 'keypad-ask');
    keyByTone(call, '114477');
    expect(await line.code(id)).toBe('114477');
  });

  it('ends as no-input when nobody keys anything', async () => {
    const line = await open({ limits: { firstKey: 60, nextKey: 60 } });
    const id = line.place();
    expect(await line.ended(id)).toEqual({ outcome: 'no-input', codeDelivered: false, trunk: 'default' });
  });

  it('ends as hung-up when the person hangs up in the middle', async () => {
    const line = await open();
    const ringing = line.phone.nextCall();
    const id = line.place();
    const call = await ringing;
    await heard(call, 'keypad-ask');
    keyByInfo(call, '12');
    await until(() => line.progress(id).includes('collecting 2'));
    call.session.terminate();
    expect(await line.ended(id)).toEqual({ outcome: 'hung-up', codeDelivered: false, trunk: 'default' });
  });
});

describe('a call to a company line', () => {
  const extension = [{ key: '2' }, { pause: 100 }, { key: '0' }, { key: '4' }, { key: '#' }, { pause: 200 }];

  it('keys the extension by RFC 4733, hears no echo of it, and greets again who comes to the phone late', async () => {
    const line = await open({ limits: { firstKey: 1_500 } });
    const ringing = line.phone.nextCall();
    const id = line.place({ gateDigits: 1, extension });
    const call = await ringing;
    await until(() => keyedByEvents(call) === '204#');
    keyByRtp(call, '204');
    keyByInfo(call, '204');
    await heard(call, 'gate-ask', 2);
    const digit = await until(() => {
      const prompts = promptsIn(call.packets);
      return prompts.slice(prompts.lastIndexOf('gate-ask')).find((name) => name.startsWith('digit-'));
    });
    expect(promptsIn(call.packets).filter((name) => name === 'greeting')).toHaveLength(2);
    keyByInfo(call, digit.slice('digit-'.length));
    await heard(call, 'keypad-ask');
    keyByInfo(call, '492067');
    expect(await line.code(id)).toBe('492067');
  });

  it('keys the extension by INFO where the trunk wants that', async () => {
    const line = await open({ trunk: { dtmf: ['info'] } });
    const ringing = line.phone.nextCall();
    line.place({ extension });
    const call = await ringing;
    await heard(call, 'greeting');
    const infos = line.switchboard.log.filter((entry) => entry.includes('Signal='));
    expect(infos.map((entry) => /Signal=(.)/.exec(entry)?.[1])).toEqual(['2', '0', '4', '#']);
  });
});

describe('a spoken call', () => {
  it('speaks the code three times, and the verdict when the page has told it', async () => {
    // It lasts for 19.5 s; the bed's own limit would cut it off where a machine is a second late.
    const line = await open({ limits: { call: 60_000 } });
    const ringing = line.phone.nextCall();
    const id = line.place({ method: 'spoken', code: '902114', gateDigits: 1 });
    const call = await ringing;
    keyByRtp(call, await gateDigits(call));
    await heard(call, 'code-repeat');
    const prompts = await heard(call, 'code-last');
    const digits = prompts.filter((name) => name.startsWith('digit-')).map((name) => name.slice(-1));
    expect(digits.join('').slice(1)).toBe('902114902114');
    const spoken = (): number => promptsIn(call.packets).filter((name) => name.startsWith('digit-')).length;
    await until(() => spoken() === 1 + 3 * 6);
    line.server.receive({ type: 'tell', callId: id, verdict: 'verified' });
    await heard(call, 'verdict-verified');
    expect(await line.ended(id)).toEqual({ outcome: 'completed', codeDelivered: true, trunk: 'default' });
  });

  it('says what the page has told while the phone was still being connected', async () => {
    const line = await open();
    const ringing = line.phone.nextCall();
    const id = line.place({ method: 'spoken', code: '902114' });
    const call = await ringing;
    await until(() => line.progress(id).includes('answered'));
    line.server.receive({ type: 'tell', callId: id, verdict: 'expired' });
    await heard(call, 'verdict-expired');
    expect((await line.ended(id)).codeDelivered).toBe(false);
  });
});

describe('a call that nobody asked for', () => {
  it('hears the report key at the gate, asks for the number to be kept, and says so once it is', async () => {
    const line = await open();
    const ringing = line.phone.nextCall();
    const id = line.place({ gateDigits: 1, reportKey: '9' });
    const call = await ringing;
    expect((await heard(call, 'gate-ask')).slice(0, 4)).toEqual([
      'greeting',
      'operator-name',
      'report-hint',
      'digit-9',
    ]);
    keyByInfo(call, '9');
    await until(() => line.messages.some(({ type }) => type === 'report'));
    expect(promptsIn(call.packets)).not.toContain('report-done');
    line.server.receive({ type: 'report-answer', callId: id, kept: true });
    expect(await line.ended(id)).toMatchObject({ outcome: 'reported', codeDelivered: false });
    expect(promptsIn(call.packets).slice(-2)).toEqual(['report-done', 'goodbye']);
  });

  it('is reported when the person presses the key as soon as the phone is at the ear, and hangs up', async () => {
    const line = await open();
    const ringing = line.phone.nextCall();
    const id = line.place({ method: 'spoken', code: '902114', gateDigits: 1, reportKey: '9' });
    const call = await ringing;
    await until(() => line.progress(id).includes('answered'));
    keyByInfo(call, '99');
    await until(() => call.session.isEstablished());
    call.session.terminate();
    expect(await line.ended(id)).toMatchObject({ outcome: 'reported', codeDelivered: false });
    expect(line.messages.map(({ type }) => type).slice(-2)).toEqual(['report', 'ended']);
  });
});

describe('a line that sends back whatever it hears', () => {
  it('opens no gate and keys no code', async () => {
    const line = await open({ limits: { firstKey: 100 } });
    const ringing = line.phone.nextCall();
    const id = line.place({ gateDigits: 1, reportKey: '9' });
    const call = await ringing;
    const hear = call.media.onPacket;
    let echoed = 0;
    call.media.onPacket = (packet) => {
      hear?.(packet);
      const heardNow = call.packets.at(-1);
      if (!heardNow) return;
      const { payload, payloadType, timestamp, marker } = heardNow;
      echoed += 1;
      call.media.send(call.media.stream.next(payload, { payloadType, time: timestamp, marker }));
    };
    expect(await line.ended(id)).toMatchObject({ outcome: 'no-input', codeDelivered: false });
    expect(echoed).toBeGreaterThan(10);
    expect(promptsIn(call.packets)).not.toContain('keypad-ask');
    expect(line.messages.some(({ type }) => type === 'code' || type === 'report')).toBe(false);
  });
});

describe('any call', () => {
  it('stops ringing when the verification has ended elsewhere', async () => {
    const line = await open();
    line.phone.onRing = () => {};
    const id = line.place();
    await until(() => line.progress(id).includes('ringing'));
    line.server.receive({ type: 'tell', callId: id, verdict: 'expired' });
    expect(await line.ended(id)).toEqual({ outcome: 'canceled', codeDelivered: false, trunk: 'default' });
    await until(() => line.phone.calls[0]?.ended);
  });

  it('is cut off when it takes longer than a call may', async () => {
    const line = await open({ limits: { call: 300 } });
    expect(await line.ended(line.place())).toEqual({ outcome: 'no-input', codeDelivered: false, trunk: 'default' });
  });

  it('ends once, whatever is told it afterwards', async () => {
    const line = await open();
    const id = line.place();
    await until(() => line.progress(id).includes('answered'));
    line.server.receive({ type: 'hang-up', callId: id });
    line.server.receive({ type: 'hang-up', callId: id });
    line.server.receive({ type: 'tell', callId: id, verdict: 'verified' });
    expect((await line.ended(id)).outcome).toBe('canceled');
    expect(line.messages.filter(({ type }) => type === 'ended')).toHaveLength(1);
  });

  it('logs no number, key or code', async () => {
    const line = await open();
    const ringing = line.phone.nextCall();
    const id = line.place();
    const call = await ringing;
    await heard(call, 'keypad-ask');
    keyByInfo(call, '492067');
    await line.code(id);
    const told = line.messages.filter(({ type }) => type !== 'code');
    expect(JSON.stringify(told)).not.toMatch(/492067|1001/);
  });
});
