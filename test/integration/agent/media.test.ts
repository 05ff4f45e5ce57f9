import { describe, expect, it, onTestFinished } from 'vitest';
import { createDatachannelEngine } from '../../../sip-gateway/media/datachannel-engine.ts';
import { openLine, untilIdle, type Line, type LineOptions } from '../../fakes/agent-line.ts';
import { breakingEngine, type Break } from '../../fakes/breaking-engine.ts';
import { flows } from '../../support/flows.ts';
import { until } from '../../support/until.ts';

async function open(options?: LineOptions): Promise<Line> {
  const line = await openLine(options);
  onTestFinished(() => line.close());
  return line;
}

const isAnswer = (message: string): boolean => message.startsWith('SIP/2.0 200') && /^CSeq: \d+ INVITE/m.test(message);
const withoutSwitchVia = (message: string): string => message.replace(/^Via: SIP\/2\.0\/WS switch\.invalid.*\r\n/m, '');
const invites = (line: Line): number => line.switchboard.trace.filter((entry) => entry === 'agent>INVITE').length;

describe('media of a call', () => {
  it('flow through an answer with the lines that media engines choke on', async () => {
    const line = await open();
    line.switchboard.meddle = (message) =>
      isAnswer(message)
        ? resized(
            message
              .replace(/a=ssrc:.*\r\n/g, '')
              .replace('a=rtcp-mux\r\n', 'a=rtcp-mux\r\na=rtcp-fb:* transport-cc\r\na=rtcp:41033\r\n'),
          )
        : message;
    const call = line.place();
    await call.up;
    expect(await flows(call.call.media, line.phone.calls[0]?.packets ?? [])).toBe(true);
  });

  it('flow with the DTLS role left to the other side', async () => {
    const line = await open({ trunk: { dtlsSetup: 'actpass' } });
    const call = line.place();
    await call.up;
    const invite = line.switchboard.log.find((entry) => entry.includes('>INVITE')) ?? '';
    expect(invite).toContain('a=setup:actpass');
  });

  it('flow by A-law where that is preferred', async () => {
    const line = await open({ trunk: { codecs: ['PCMA'] } });
    const call = line.place();
    await call.up;
    expect(call.call.media.negotiated).toEqual({ codec: 'PCMA', payloadType: 8, telephoneEvent: 101 });
  });

  it('are offered complete: a real address, one candidate, telephone-event at 8 kHz', async () => {
    const line = await open();
    await line.place().up;
    const invite = line.switchboard.log.find((entry) => entry.includes('>INVITE')) ?? '';
    expect(invite).toMatch(/^m=audio [1-9]\d+ UDP\/TLS\/RTP\/SAVPF 0 8 101\r$/m);
    expect(invite).toMatch(/^c=IN IP4 127\.0\.0\.1\r$/m);
    expect(invite.match(/^a=candidate:/gm)).toHaveLength(1);
    expect(invite).toMatch(/^a=rtpmap:101 telephone-event\/8000\r$/m);
    expect(invite).toMatch(/^a=rtpmap:0 PCMU\/8000\r$/m);
    expect(invite).toMatch(/^a=setup:active\r$/m);
    expect(invite).not.toMatch(/trickle/);
  });

  it('that come early are there when the call is answered, without a second negotiation', async () => {
    const line = await open();
    await early(line, (sdp) => sdp);
    const call = line.place();
    await call.up;
    expect(call.seen).toEqual(['ringing', 'answered', 'media']);
    expect(await flows(call.call.media, line.phone.calls[0]?.packets ?? [])).toBe(true);
  });

  it('move to the place that the 200 names when it is another than the 183 named', async () => {
    const line = await open();
    await early(line, (sdp) =>
      sdp.replace(/a=ice-ufrag:\S+/, 'a=ice-ufrag:elsewhere').replace(/a=candidate:.*\r\n/g, ''),
    );
    const call = line.place();
    await call.up;
    expect(invites(line)).toBeGreaterThan(1);
    expect(await flows(call.call.media, line.phone.calls[0]?.packets ?? [])).toBe(true);
  });

  it.each<[string, Break[]]>([
    ['a peer that throws on the answer', ['throws on the answer']],
    ['a peer that fails after the answer', ['fails after the answer']],
    ['two peers that fail', ['fails after the answer', 'throws on the answer']],
  ])('are mended after %s', async (_, breaks) => {
    const expected = breaks.length + 1;
    const line = await open({ engine: breakingEngine(createDatachannelEngine(), breaks) });
    const call = line.place();
    await call.up;
    expect(invites(line)).toBeGreaterThanOrEqual(expected);
    expect(await flows(call.call.media, line.phone.calls[0]?.packets ?? [])).toBe(true);
    call.call.hangUp('completed');
    await untilIdle(line);
  });

  it('that fail again and again end the call as media-failed', async () => {
    const breaks = Array.from({ length: 9 }, (): Break => 'fails after the answer');
    const line = await open({ engine: breakingEngine(createDatachannelEngine(), breaks) });
    const call = line.place();
    expect((await call.ended).outcome).toBe('media-failed');
    await until(() => line.phone.calls[0]?.ended);
    await untilIdle(line);
  });

  it('that never connect end the call as media-failed when their time is over', async () => {
    const line = await open({
      engine: breakingEngine(createDatachannelEngine(), ['never connects']),
      limits: { ring: 5_000, media: 200 },
    });
    const call = line.place();
    expect((await call.ended).outcome).toBe('media-failed');
    expect(call.seen).toEqual(['ringing', 'answered', 'ended media-failed']);
  });

  it('go on when the other side negotiates the session anew as it is', async () => {
    const line = await open();
    const call = line.place();
    await call.up;
    const phone = line.phone.calls[0];
    await until(() => line.switchboard.trace.includes('agent>ACK'));
    await new Promise<void>((resolve) => {
      until(() => phone?.session.renegotiate({}, resolve)).catch(() => {});
    });
    expect(line.switchboard.trace).toContain('1001>INVITE');
    expect(await flows(call.call.media, phone?.packets ?? [])).toBe(true);
  });

  it('follow the other side to a new place', async () => {
    const line = await open();
    const call = line.place();
    await call.up;
    const phone = line.phone.calls[0];
    await until(() => phone?.media.state === 'connected');
    phone?.media.renew();
    await until(() => phone?.session.renegotiate());
    await until(() => phone?.media.state === 'connected' && call.call.media.state === 'connected');
    expect(await flows(call.call.media, phone?.packets ?? [])).toBe(true);
    expect(call.seen.filter((event) => event === 'media')).toHaveLength(1);
  });
});

/** Makes the switch send the phone's answer as a 183 first, its SDP changed, and the 200 a moment later. */
async function early(line: Line, change: (message: string) => string): Promise<void> {
  let done = false;
  line.switchboard.meddle = (message) => {
    if (done || !isAnswer(message)) return message;
    done = true;
    const ok = withoutSwitchVia(message);
    const progress = change(ok.replace('SIP/2.0 200 OK', 'SIP/2.0 183 Session Progress'));
    line.switchboard.sendTo('agent', resized(progress));
    setTimeout(() => line.switchboard.sendTo('agent', ok), 50);
    return undefined;
  };
  return Promise.resolve();
}

function resized(message: string): string {
  const body = message.slice(message.indexOf('\r\n\r\n') + 4);
  return message.replace(/Content-Length: \d+/, `Content-Length: ${Buffer.byteLength(body)}`);
}
