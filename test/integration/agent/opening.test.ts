import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aWav, pcm } from '../../fakes/a-wav.ts';
import type { PhoneCall } from '../../fakes/test-phone.ts';
import { promptsIn } from '../../fakes/tiny-prompts.ts';
import { heard, openVoiceLine, type VoiceLine, type VoiceLineOptions } from '../../fakes/voice-line.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';

const PAYMENT = { amount: '49.90 EUR', payee: 'Bäcker 7' };
const PAYMENT_AS_SAID = [
  'payment-intro',
  'digit-4',
  'digit-9',
  'decimal-point',
  'digit-9',
  'digit-0',
  'currency-eur',
  'payee-intro',
];
const PAYEE_SPELLED = ['letter-b', 'letter-a', 'letter-c', 'letter-k', 'letter-e', 'letter-r', 'digit-7'];

async function open(options?: VoiceLineOptions): Promise<VoiceLine> {
  const line = await openVoiceLine(options);
  onTestFinished(() => line.close());
  return line;
}

/** A tiny prompt has two levels. */
function isSpeech(payload: Uint8Array): boolean {
  return new Set(payload).size > 10;
}

async function whole(call: PhoneCall): Promise<readonly string[]> {
  return heard(call, 'keypad-ask');
}

describe('a call for a payment', () => {
  it('says who calls, the word, the amount and the payee, in this order, and then asks for the code', async () => {
    const line = await open();
    const ringing = line.phone.nextCall();
    const id = line.place({ word: 11, transaction: PAYMENT });
    expect(await whole(await ringing)).toEqual([
      'greeting',
      'operator-name',
      'word-intro',
      'word-11',
      ...PAYMENT_AS_SAID,
      ...PAYEE_SPELLED,
      'keypad-ask',
    ]);
    await until(() => line.progress(id).includes('collecting 0'));
    const told = line.messages.flatMap((message) => (message.type === 'progress' ? [message.progress] : []));
    expect(told.map(({ state, transactionSpoken }) => [state, transactionSpoken])).toEqual([
      ['dialing', undefined],
      ['ringing', undefined],
      ['answered', undefined],
      ['collecting', true],
    ]);
  });

  it('has a payee that cannot be spelled spoken before it dials', async () => {
    const second = aWav(pcm(Array.from({ length: 8000 }, (_, n) => 4000 * Math.sin(n / 4))));
    const recording = join(await temporaryFolder(), 'payee.wav');
    await writeFile(recording, second);
    const line = await open({ speechCommand: `cp "${recording}" {file}` });
    const ringing = line.phone.nextCall();
    line.place({ transaction: { ...PAYMENT, payee: '上海书店' } });
    const call = await ringing;
    expect(await whole(call)).toEqual(['greeting', 'operator-name', ...PAYMENT_AS_SAID, 'keypad-ask']);
    expect(call.packets.filter(({ payload }) => isSpeech(payload)).length).toBeGreaterThan(40);
    expect(promptsIn(call.packets)).not.toContain('letter-a');
  });

  it('spells the payee when the engine fails, and logs nothing of it', async () => {
    const line = await open({ speechCommand: '/nowhere/say {text}' });
    const ringing = line.phone.nextCall();
    const id = line.place({ transaction: PAYMENT });
    expect(await whole(await ringing)).toEqual(expect.arrayContaining(PAYEE_SPELLED));
    const logged = line.messages.filter(({ type }) => type === 'log');
    expect(logged).toContainEqual(
      expect.objectContaining({ event: 'speech.failed', fields: expect.objectContaining({ callId: id }) }),
    );
    expect(JSON.stringify(logged)).not.toContain('cker');
  });

  it('rings nobody when nothing can say the payee', async () => {
    const line = await open({ speechCommand: '/nowhere/say {text}' });
    const id = line.place({ transaction: { ...PAYMENT, payee: '上海书店' } });
    expect(await line.ended(id)).toEqual({ outcome: 'trunk-unavailable', codeDelivered: false });
    expect(line.phone.calls).toEqual([]);
  });

  it('ends at once when it is hung up while its payee is being spoken', async () => {
    const line = await open({ speechCommand: 'sleep 5' });
    const id = line.place({ transaction: PAYMENT });
    line.server.receive({ type: 'hang-up', callId: id });
    expect(await line.ended(id)).toEqual({ outcome: 'canceled', codeDelivered: false });
    expect(line.server.load.inConversation).toBe(0);
  });
});
