import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CallRequest } from '../../../server/verification/ports.ts';
import { aWav, pcm } from '../../fakes/a-wav.ts';
import { promptsIn, TINY_LOCALE } from '../../fakes/tiny-prompts.ts';
import { heard, keyByInfo, openVoiceLine, type VoiceLine, type VoiceLineOptions } from '../../fakes/voice-line.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';

const AGENT = 'sip:agent@example.test';

async function open(options: VoiceLineOptions = {}): Promise<VoiceLine> {
  const line = await openVoiceLine({ dialIn: { most: 2, trustsGateway: true }, ...options });
  onTestFinished(() => line.close());
  return line;
}

/** The web server's answer: this caller is expected, or hears some words. */
function take(line: VoiceLine, id: string, more: Partial<CallRequest> = {}): void {
  const call = {
    id,
    to: '+12025550123',
    method: 'dial-in',
    locale: TINY_LOCALE,
    codeLength: 6,
    gateDigits: 0,
  } as const;
  line.server.receive({ type: 'take', call: { ...call, ...more } });
}

async function untilIdle(line: VoiceLine): Promise<void> {
  await until(() => line.server.load.inConversation === 0 && line.server.load.sessions === 0);
}

describe('a call that comes in', () => {
  it('is answered, asked for its code by real sound, and told the verdict', async () => {
    const line = await open();
    const call = line.phone.call(AGENT, [
      'P-Asserted-Identity: <sip:+12025550123;verstat=TN-Validation-Passed-A@x.test>',
    ]);
    const { id, caller } = await line.incoming();
    expect(caller).toEqual({
      presented: '+12025550123',
      address: 'sip:+12025550123@x.test',
      evidence: { source: 'asserted', validation: 'passed', attestation: 'A' },
    });
    take(line, id);
    await heard(call, 'keypad-ask');
    keyByInfo(call, '492067');
    expect(await line.code(id)).toBe('492067');
    line.server.receive({ type: 'code-verdict', callId: id, seq: 1, verdict: 'verified' });
    expect(await line.ended(id)).toMatchObject({ outcome: 'completed', codeDelivered: true });
    expect(promptsIn(call.packets).slice(-2)).toEqual(['verdict-verified', 'goodbye']);
    expect(line.progress(id).slice(0, 3)).toEqual(['ringing', 'answered', 'collecting 0']);
    await untilIdle(line);
  });

  it('hears words and a goodbye when nobody waits for it', async () => {
    const line = await open();
    const call = line.phone.call(AGENT);
    const { id } = await line.incoming();
    take(line, id, { words: 'unknown' });
    await line.ended(id);
    expect(promptsIn(call.packets).slice(-2)).toEqual(['dial-in-unknown', 'goodbye']);
  });

  it('is told of its payment, with the payee as the engine speaks it, after ringing as long as that takes', async () => {
    const recording = join(await temporaryFolder(), 'payee.wav');
    await writeFile(recording, aWav(pcm(Array.from({ length: 1_600 }, (_, n) => 4_000 * Math.sin(n / 4)))));
    const line = await open({ speechCommand: `cp "${recording}" {file}` });
    const call = line.phone.call(AGENT);
    const { id } = await line.incoming();
    take(line, id, { transaction: { amount: '4.90 EUR', payee: '上海书店' } });
    await heard(call, 'keypad-ask');
    expect(promptsIn(call.packets)).toEqual(expect.arrayContaining(['payment-intro', 'currency-eur', 'payee-intro']));
  });

  it('rings no longer when its verification ends while the payee is being spoken', async () => {
    const line = await open({ speechCommand: 'sleep 5' });
    const call = line.phone.call(AGENT);
    const { id } = await line.incoming();
    take(line, id, { transaction: { amount: '4.90 EUR', payee: 'Baker' } });
    line.server.receive({ type: 'hang-up', callId: id });
    expect(await line.ended(id)).toEqual({ outcome: 'canceled', codeDelivered: false });
    await until(() => call.ended);
    expect(line.switchboard.trace).toContain('agent>480 INVITE');
    await untilIdle(line);
  });

  it('has a key for a caller who did not ask for it', async () => {
    const line = await open();
    const call = line.phone.call(AGENT);
    const { id } = await line.incoming();
    take(line, id, { reportKey: '9' });
    await heard(call, 'keypad-ask');
    keyByInfo(call, '9');
    await heard(call, 'report-hint', 2);
    keyByInfo(call, '9');
    await until(() => line.messages.some((message) => message.type === 'report'));
    line.server.receive({ type: 'report-answer', callId: id, kept: false });
    expect(await line.ended(id)).toMatchObject({ outcome: 'reported' });
    expect(promptsIn(call.packets).slice(-2)).toEqual(['verdict-failed', 'goodbye']);
  });

  it('is refused with the status that was decided', async () => {
    const line = await open();
    const call = line.phone.call(AGENT);
    const { id } = await line.incoming();
    line.server.receive({ type: 'refuse', callId: id, status: 603 });
    await until(() => call.ended);
    expect(line.switchboard.trace).toContain('agent>603 INVITE');
    await untilIdle(line);
  });

  it('has hung up when its caller gave up before it was decided', async () => {
    const line = await open();
    const call = line.phone.call(AGENT);
    const { id } = await line.incoming();
    call.session.terminate();
    await until(() => line.switchboard.trace.includes('agent>487 INVITE'));
    take(line, id);
    expect(await line.ended(id)).toMatchObject({ outcome: 'hung-up' });
    await untilIdle(line);
  });

  it('ends as hung-up when its caller hangs up in the middle', async () => {
    const line = await open();
    const call = line.phone.call(AGENT);
    const { id } = await line.incoming();
    take(line, id);
    await heard(call, 'keypad-ask');
    call.session.terminate();
    expect(await line.ended(id)).toMatchObject({ outcome: 'hung-up', codeDelivered: false });
    await untilIdle(line);
  });

  it('hears busy when as many as may are up', async () => {
    const line = await open();
    for (const nth of [1, 2]) {
      line.phone.call(AGENT);
      take(line, (await line.incoming(nth)).id);
    }
    const third = line.phone.call(AGENT);
    await until(() => third.ended);
    expect(line.switchboard.trace).toContain('agent>486 INVITE');
    expect(line.messages.filter(({ type }) => type === 'incoming')).toHaveLength(2);
  });

  it('is declined where nobody can call in', async () => {
    const line = await openVoiceLine();
    onTestFinished(() => line.close());
    const call = line.phone.call(AGENT);
    await until(() => call.ended);
    expect(line.switchboard.trace).toContain('agent>603 INVITE');
  });

  it('is refused with 488 when it offers nothing that we speak', async () => {
    const line = await open();
    line.switchboard.meddle = (message, from) =>
      from === '1001' ? message.replaceAll('a=fingerprint:', 'a=fingerprinx:') : message;
    const call = line.phone.call(AGENT);
    await until(() => call.ended);
    expect(line.switchboard.trace).toContain('agent>488 INVITE');
  });

  it('is told nothing twice and leaves nothing when its ACK never comes', async () => {
    const line = await open();
    line.switchboard.meddle = (message, from) => (from === '1001' && message.startsWith('ACK ') ? undefined : message);
    line.phone.call(AGENT);
    const { id } = await line.incoming();
    take(line, id);
    await until(() => line.switchboard.trace.includes('agent>200 INVITE'));
    line.server.receive({ type: 'hang-up', callId: id });
    expect(await line.ended(id)).toMatchObject({ outcome: 'canceled' });
    expect(line.switchboard.trace).not.toContain('agent>BYE');
    line.switchboard.meddle = (message) => message;
    // The 200 is repeated, and the ACK to it lets the BYE go.
    await until(() => line.switchboard.trace.includes('agent>BYE'));
    await untilIdle(line);
  });
});
