import { describe, expect, it, onTestFinished } from 'vitest';
import { instantEngine } from '../../fakes/instant-engine.ts';
import { openLine, untilIdle, type Line, type LineOptions } from '../../fakes/agent-line.ts';
import { header, reply } from '../../fakes/sip-switch.ts';
import { until } from '../../support/until.ts';

async function open(options?: LineOptions): Promise<Line> {
  const line = await openLine({ engine: instantEngine(), ...options });
  onTestFinished(() => line.close());
  return line;
}

/** The next message of this kind on its way from someone; it is held back until the test passes it on. */
function hold(line: Line, isMeant: (message: string, from: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    line.switchboard.meddle = (message, from) => {
      if (!isMeant(message, from)) return message;
      resolve(message);
      return undefined;
    };
  });
}

const isAnswer = (message: string): boolean => message.startsWith('SIP/2.0 200') && /^CSeq: \d+ INVITE/m.test(message);
const isCancel = (message: string): boolean => message.startsWith('CANCEL ');
const withoutSwitchVia = (message: string): string => message.replace(/^Via: SIP\/2\.0\/WS switch\.invalid.*\r\n/m, '');
const count = (line: Line, entry: string): number => line.switchboard.trace.filter((one) => one === entry).length;

describe('faults of JsSIP (field notes §1)', () => {
  it('when CANCEL and 200 cross, the answered phone gets ACK and BYE', async () => {
    const line = await open();
    const answer = hold(line, (message) => isAnswer(message) || isCancel(message));
    const call = line.place();
    const ok = await answer;
    call.call.hangUp('canceled');
    line.switchboard.sendTo('agent', withoutSwitchVia(ok));
    await until(() => line.phone.calls[0]?.ended);
    expect(line.switchboard.trace.filter((entry) => /^agent>(ACK|BYE|CANCEL)$/.test(entry))).toEqual([
      'agent>CANCEL',
      'agent>ACK',
      'agent>BYE',
    ]);
    expect((await call.ended).outcome).toBe('canceled');
    await untilIdle(line);
  });

  it('a late 200 that comes again gets its ACK again, and no second BYE', async () => {
    const line = await open();
    const answer = hold(line, (message) => isAnswer(message) || isCancel(message));
    const call = line.place();
    const ok = withoutSwitchVia(await answer);
    call.call.hangUp('canceled');
    line.switchboard.meddle = (message) => (message.startsWith('BYE ') ? message : undefined);
    line.switchboard.sendTo('agent', ok);
    line.switchboard.sendTo('agent', ok);
    await until(() => count(line, 'agent>ACK') === 2);
    expect(count(line, 'agent>BYE')).toBe(1);
  });

  it('a 200 that comes again after the call gets its ACK again, and no second BYE', async () => {
    const line = await open();
    const answer = hold(line, isAnswer);
    const call = line.place();
    const ok = withoutSwitchVia(await answer);
    line.switchboard.meddle = (message) => message;
    line.switchboard.sendTo('agent', ok);
    await call.up;
    call.call.hangUp('completed');
    await untilIdle(line);
    line.switchboard.sendTo('agent', ok);
    await until(() => count(line, 'agent>ACK') === 2);
    expect(count(line, 'agent>BYE')).toBe(1);
  });

  it.each([
    [
      'without SDP',
      (ok: string) => ok.replace(/\r\n\r\n[^]*$/, '\r\n\r\n').replace(/Content-Length: \d+/, 'Content-Length: 0'),
    ],
    [
      'without DTLS',
      (ok: string) => ok.replace(/a=fingerprint:[^\r]*\r\n/, '').replace(/Content-Length: \d+/, (line) => line),
    ],
    ['without a codec of ours', (ok: string) => ok.replace(/SAVPF [\d ]+/, 'SAVPF 9')],
  ])('an answer %s ends the call as media-failed and leaves nothing behind', async (_, spoil) => {
    const line = await open();
    line.switchboard.meddle = (message) => (isAnswer(message) ? sized(spoil(message)) : message);
    const call = line.place();
    expect((await call.ended).outcome).toBe('media-failed');
    expect(call.call.media.state).toBe('closed');
    await until(() => line.phone.calls[0]?.ended);
    await untilIdle(line);
  });

  it('a second phone that answers a forked call is hung up, and the first call goes on', async () => {
    const line = await open();
    let ok = '';
    line.switchboard.meddle = (message) => {
      if (isAnswer(message)) ok = message;
      return message;
    };
    const call = line.place();
    await call.up;
    line.switchboard.sendTo('agent', withoutSwitchVia(ok).replace(/^(To: .*;tag=)\S+/m, '$1forked'));
    await until(() => count(line, 'agent>BYE') === 1);
    const bye = line.switchboard.log.findLast((entry) => entry.startsWith('agent>BYE')) ?? '';
    expect(header(bye, 'To')).toContain('tag=forked');
    expect(call.seen.at(-1)).toBe('media');
    line.switchboard.meddle = (message) => message;
    call.call.hangUp('completed');
    await call.ended;
  });

  it('asks for no session timer, so that nobody answers 422', async () => {
    const line = await open();
    await line.place().up;
    const invite = line.switchboard.log.find((entry) => entry.includes('>INVITE')) ?? '';
    expect(invite).not.toMatch(/^Session-Expires:/m);
  });

  it('answers a challenge of a second realm', async () => {
    const line = await open({ trunk: { authUser: 'agent', password: 'secret' } });
    line.switchboard.registrar = (request) =>
      /^Authorization:/m.test(request)
        ? reply(request, '200 OK', { headers: [`Contact: ${header(request, 'Contact')};expires=600`] })
        : reply(request, '401 Unauthorized', { headers: ['WWW-Authenticate: Digest realm="registrar", nonce="1"'] });
    line.switchboard.drop('agent');
    await until(() => line.statuses.at(-1)?.ready && line.statuses.length > 1);
    line.switchboard.meddle = (message, from) => {
      if (!message.startsWith('INVITE ') || /^Proxy-Authorization:/m.test(message)) return message;
      const challenge = 'Proxy-Authenticate: Digest realm="proxy", nonce="2", qop="auth"';
      line.switchboard.sendTo(from, reply(message, '407 Proxy Authentication Required', { headers: [challenge] }));
      return undefined;
    };
    const call = line.place();
    await call.up;
    const invite = line.switchboard.log.findLast((entry) => entry.startsWith('agent>INVITE')) ?? '';
    expect(invite).toMatch(/^Proxy-Authorization: Digest .*realm="proxy"/m);
  });

  it('answers the MD5 challenge also where a SHA-256 one comes after it', async () => {
    const line = await open({ trunk: { authUser: 'agent', password: 'secret' } });
    line.switchboard.registrar = (request) =>
      /^Authorization:/m.test(request)
        ? reply(request, '200 OK', { headers: [`Contact: ${header(request, 'Contact')};expires=600`] })
        : reply(request, '401 Unauthorized', {
            headers: [
              'WWW-Authenticate: Digest realm="r", nonce="1", algorithm=MD5',
              'WWW-Authenticate: Digest realm="r", nonce="1", algorithm=SHA-256',
            ],
          });
    line.switchboard.drop('agent');
    await until(() => line.statuses.at(-1)?.ready && line.statuses.length > 1);
    expect(line.statuses.at(-1)).toEqual({ ready: true });
  });

  it('hands on every INFO of the call as it came, those included that JsSIP says nothing of', async () => {
    const line = await open();
    const call = line.place();
    await call.up;
    const bodies: [string, string][] = [
      ['application/dtmf-relay', 'Signal=5\r\nDuration=160'],
      ['application/dtmf-relay', 'signal=5'],
      ['application/dtmf-relay', 'Duration=160\r\nSignal=a'],
      ['application/dtmf-relay', 'Signal=10'],
      ['application/dtmf-relay', '\r\nSignal=7'],
      ['application/dtmf', '5'],
      ['application/vnd.nortelnetworks.digits', 'd=5'],
    ];
    for (const [type, body] of bodies) line.phone.calls[0]?.session.sendInfo(type, body);
    await until(() => call.infos.length === bodies.length);
    expect(call.infos.map(({ contentType, body }) => [contentType, body])).toEqual(bodies);
    expect(new Set(call.infos.map(({ cseq }) => cseq)).size).toBe(bodies.length);
  });

  it('takes no INFO of another dialog', async () => {
    const line = await open();
    const call = line.place();
    await call.up;
    line.switchboard.meddle = (message) =>
      message.startsWith('INFO ') ? message.replace(/^(From: .*;tag=)\S+/m, '$1stranger') : message;
    line.phone.calls[0]?.session.sendInfo('application/dtmf', '5');
    await until(() => count(line, 'agent>481 INFO') === 1);
    expect(call.infos).toEqual([]);
  });

  it('declines a challenge to an INVITE that was given up', async () => {
    const line = await open({ trunk: { authUser: 'agent', password: 'secret' } });
    const invite = hold(line, (message) => message.startsWith('INVITE '));
    const call = line.place();
    const held = await invite;
    call.call.hangUp('canceled');
    line.switchboard.sendTo(
      'agent',
      reply(held, '407 Proxy Authentication Required', {
        headers: ['Proxy-Authenticate: Digest realm="proxy", nonce="2"'],
      }),
    );
    await until(() => count(line, 'agent>ACK') === 1);
    await untilIdle(line);
    expect(count(line, 'agent>INVITE')).toBe(1);
  });

  it('gives each transaction an id that cannot be guessed', async () => {
    const line = await open();
    await line.place().up;
    for (const entry of line.switchboard.log.filter((one) => /^agent>(INVITE|REGISTER)/.test(one))) {
      expect(header(entry, 'Via')).toMatch(/branch=z9hG4bK[0-9a-f]{24}$/);
    }
  });

  it('survives messages that are no SIP', async () => {
    const line = await open();
    line.switchboard.sendTo('agent', 'garbage');
    line.switchboard.sendTo('agent', 'INVITE sip:agent@example.test SIP/2.0\r\n\r\n');
    line.switchboard.sendTo('agent', '');
    const call = line.place();
    await call.up;
    expect(call.seen.at(-1)).toBe('media');
  });
});

/** A message whose Content-Length says what its body has. */
function sized(message: string): string {
  const body = message.slice(message.indexOf('\r\n\r\n') + 4);
  return message.replace(/Content-Length: \d+/, `Content-Length: ${Buffer.byteLength(body)}`);
}
