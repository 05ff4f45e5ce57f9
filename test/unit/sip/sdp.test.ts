import { describe, expect, it } from 'vitest';
import {
  answeredDirection,
  digestible,
  readAudio,
  sameTransport,
  withChosenRole,
  withDirection,
  withOrigin,
  withoutTrickle,
  withSetup,
} from '../../../sip-gateway/sip/sdp.ts';

const ANSWER = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP4 192.0.2.1',
  't=0 0',
  'a=fingerprint:sha-256 AA:BB',
  'm=audio 4000 UDP/TLS/RTP/SAVPF 8 0 101',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:0123456789abcdef0123456789',
  'a=setup:passive',
  'a=sendrecv',
  '',
].join('\r\n');

describe('readAudio', () => {
  it('reads port, codecs in their order, and what DTLS and ICE need, from either level', () => {
    expect(readAudio(ANSWER)).toEqual({
      port: 4000,
      mid: '0',
      codecs: [
        { payloadType: 8, name: 'PCMA', clockRate: 8000 },
        { payloadType: 0, name: 'PCMU', clockRate: 8000 },
        { payloadType: 101, name: 'TELEPHONE-EVENT', clockRate: 8000 },
      ],
      direction: 'sendrecv',
      iceUfrag: 'abcd',
      icePwd: '0123456789abcdef0123456789',
      fingerprint: 'sha-256 AA:BB',
    });
  });

  it('finds no audio where it is refused, or where there is none', () => {
    expect(readAudio(ANSWER.replace('audio 4000', 'audio 0'))).toBeUndefined();
    expect(readAudio(ANSWER.replace('m=audio', 'm=video'))).toBeUndefined();
    expect(readAudio('')).toBeUndefined();
    expect(readAudio('garbage')).toBeUndefined();
  });

  it('takes the first audio that is not refused', () => {
    const second = ANSWER.replace('m=audio', 'm=audio 0 RTP/AVP 0\r\nm=audio');
    expect(readAudio(second)?.port).toBe(4000);
  });

  it.each(['sendonly', 'recvonly', 'inactive'] as const)('reads that it is %s', (direction) => {
    expect(readAudio(ANSWER.replace('sendrecv', direction))?.direction).toBe(direction);
  });
});

describe('digestible', () => {
  it('leaves out a=rtcp-fb for every codec, as Asterisk writes it', () => {
    expect(digestible(`${ANSWER}a=rtcp-fb:* transport-cc\r\n`)).toBe(ANSWER);
  });

  it('leaves out a=rtcp without an address, as rtpengine writes it, and keeps one with an address', () => {
    expect(digestible(`${ANSWER}a=rtcp:41033\r\n`)).toBe(ANSWER);
    expect(digestible(`${ANSWER}a=rtcp:41033 IN IP4 192.0.2.1\r\n`)).toContain('a=rtcp:41033 IN IP4');
  });

  it('leaves out candidates that cannot be used: TCP and mDNS names', () => {
    const usable = 'a=candidate:1 1 UDP 2114977791 192.0.2.1 4000 typ host\r\n';
    const tcp = 'a=candidate:2 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active\r\n';
    const mdns = 'a=candidate:3 1 udp 2113937151 0b2a-11.local 4000 typ host\r\n';
    expect(digestible(ANSWER + usable + tcp + mdns)).toBe(ANSWER + usable);
  });

  it('ends lines as RFC 8866 wants it', () => {
    expect(digestible(ANSWER.replaceAll('\r\n', '\n'))).toBe(ANSWER);
    expect(digestible(ANSWER.trimEnd())).toBe(ANSWER);
  });
});

describe('sameTransport', () => {
  it('is true of a description that differs only in version and direction', () => {
    expect(sameTransport(ANSWER, ANSWER.replace('o=- 1 1', 'o=- 1 2').replace('sendrecv', 'sendonly'))).toBe(true);
  });

  it.each([
    ['port', 'audio 4000', 'audio 4002'],
    ['ICE name', 'ufrag:abcd', 'ufrag:efgh'],
    ['ICE password', 'pwd:0123', 'pwd:3210'],
    ['certificate', 'AA:BB', 'AA:CC'],
  ])('is false where the %s is another', (_, from, to) => {
    expect(sameTransport(ANSWER, ANSWER.replace(from, to))).toBe(false);
  });
});

describe('our own descriptions', () => {
  it('keep one session id, and count their versions', () => {
    expect(withOrigin(ANSWER, 7, 3)).toContain('\r\no=- 7 3 IN IP4 192.0.2.1\r\n');
  });

  it('say which DTLS role is offered', () => {
    expect(withSetup(ANSWER, 'active')).toContain('a=setup:active\r\n');
  });

  it('answer a direction by its counterpart', () => {
    expect((['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const).map(answeredDirection)).toEqual([
      'sendrecv',
      'recvonly',
      'sendonly',
      'inactive',
    ]);
    expect(withDirection(ANSWER, 'recvonly')).toContain('a=recvonly\r\n');
  });

  it('do not promise to trickle candidates', () => {
    expect(withoutTrickle(`${ANSWER}a=ice-options:ice2,trickle\r\n`)).toBe(`${ANSWER}a=ice-options:ice2\r\n`);
    expect(withoutTrickle(`${ANSWER}a=ice-options:trickle\r\n`)).toBe(ANSWER);
  });
});

describe('an answer that chooses no DTLS role', () => {
  it('is taken to agree with the role that we offered', () => {
    expect(withChosenRole(ANSWER.replace('passive', 'actpass'), 'active')).toContain('a=setup:passive');
    expect(withChosenRole(ANSWER.replace('a=setup:passive\r\n', ''), 'active')).toContain('a=setup:passive');
    expect(withChosenRole(ANSWER.replace('a=setup:passive\r\n', ''), 'actpass')).toContain('a=setup:active');
  });

  it('keeps the role that it has chosen', () => {
    expect(withChosenRole(ANSWER, 'actpass')).toBe(ANSWER);
  });
});
