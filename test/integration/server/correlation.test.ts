import { describe, expect, it, onTestFinished } from 'vitest';
import { SipSwitch } from '../../fakes/sip-switch.ts';
import { RingproofProcess } from '../../support/ringproof-process.ts';

async function aRingproofOnASwitch() {
  const sip = await SipSwitch.start();
  const ringproof = await RingproofProcess.start({
    env: {
      RINGPROOF_STORE: 'memory:',
      RINGPROOF_SIP_URL: sip.url,
      RINGPROOF_SIP_URI: 'sip:ringproof@switch.example',
      RINGPROOF_COUNTRIES: 'US',
    },
  });
  onTestFinished(async () => {
    await ringproof.stop();
    await sip.close();
  });
  return { sip, ringproof };
}

describe('The log', () => {
  it('leads from the id that the page was told to the Call-ID on the wire, and names no number', async () => {
    const { sip, ringproof } = await aRingproofOnASwitch();
    const response = await fetch(`${ringproof.url}/v1/verifications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: '+12025550147', method: 'keypad' }),
    });
    expect(response.status).toBe(201);
    const invite = /\nCall-ID: *(\S+)/i;
    await expect.poll(() => sip.log.find((entry) => entry.includes('>INVITE sip:'))).toMatch(invite);
    const onTheWire = invite.exec(sip.log.find((entry) => entry.includes('>INVITE sip:')) ?? '')?.[1];
    await expect.poll(() => ringproof.events('gateway.call.dialed')).toHaveLength(1);

    const requestId = response.headers.get('x-request-id');
    const request = ringproof.events('http.request').find((entry) => entry['requestId'] === requestId);
    const dialed = ringproof.events('gateway.call.dialed').find((entry) => entry['callId'] === request?.['callId']);
    expect(dialed?.['sipCallId']).toBe(onTheWire);
    expect(ringproof.output).not.toContain('2025550147');
  });
});
