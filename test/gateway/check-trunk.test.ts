import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadPromptLibrary } from '../../sip-gateway/prompts/prompt-library.ts';
import { describeWith } from '../support/needs.ts';
import { RingproofProcess } from '../support/ringproof-process.ts';
import { TestBed } from './bed/test-bed.ts';
import { CalledPerson, type KeyWay } from './called-person.ts';

const TRUNK = 'default';
const ENGLISH = (await loadPromptLibrary({ defaultLocale: 'en' })).pack('en');

describeWith(['kamailio', 'rtpengine'], 'ringproof check-trunk, through Kamailio and rtpengine', () => {
  let bed: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(async () => bed?.stop());

  /** The command as an operator types it; resolves with its words and its exit code. */
  async function checkTrunk(number: string, env: Readonly<Record<string, string>> = {}) {
    const command = await RingproofProcess.launch({
      args: ['check-trunk', TRUNK, number],
      env: {
        RINGPROOF_SIP_URL: bed.kamailio.url,
        RINGPROOF_SIP_URI: `sip:${bed.account.user}@trunk.example`,
        RINGPROOF_SIP_PASSWORD: bed.account.password,
        RINGPROOF_COUNTRIES: 'US',
        ...env,
      },
    });
    const { code } = await command.exited;
    const { lines } = command;
    await command.stop();
    return { code, lines };
  }

  it.concurrent.each<[KeyWay, string, string]>([
    ['info', 'by SIP INFO (application/dtmf-relay)', 'info'],
    ['telephone-event', 'by RFC 4733', 'rfc4733'],
    ['in-band', 'as tones in the audio', 'in-band'],
  ])('says of a phone that keys by %s: audio flowed both ways, keys came %s, set %s', async (way, came, setting) => {
    const { number, phone } = await bed.newPhone();
    const checking = checkTrunk(number);
    const person = await CalledPerson.pickUp(await phone.nextCall(), ENGLISH);
    await person.hears('trunk-test');
    await person.keys('123', way);
    expect(await checking).toEqual({
      code: 0,
      lines: [
        'The trunk takes us.',
        expect.stringMatching(
          /^It rang after \d\.\d\d s, was answered after \d\.\d\d s, and the media path was up \d\.\d\d s later\.$/,
        ),
        expect.stringMatching(/^Audio flowed both ways \(PCMU\): \d+ packets sent, \d+ received, \d+ lost, jitter /),
        `Keys arrived ${came}: all three.`,
        `Set dtmf of this trunk to ["${setting}"] (RINGPROOF_DTMF=${setting}).`,
      ],
    });
  });

  it.concurrent('says that nobody answered, and why', async () => {
    const { number, phone } = await bed.newPhone();
    phone.onCall = (call) => call.reject(486, 'Busy Here');
    expect(await checkTrunk(number)).toEqual({
      code: 1,
      lines: ['The trunk takes us.', 'The call was not answered: busy (SIP 486). Nothing is known of audio and keys.'],
    });
  });

  it.concurrent('says that the trunk refuses the account, and rings nobody', async () => {
    const { number, phone } = await bed.newPhone();
    const { code, lines } = await checkTrunk(number, { RINGPROOF_SIP_PASSWORD: 'another password' });
    expect([code, lines[0], phone.calls.length]).toEqual([
      1,
      expect.stringMatching(/^The trunk refuses us: .* No call was placed\.$/),
      0,
    ]);
  });

  it.concurrent('rings no number of a country that nobody named', async () => {
    const { code, lines } = await checkTrunk('+442079460123');
    expect([code, lines.join('\n')]).toEqual([1, expect.stringContaining('This number is not rung')]);
  });
});
