import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { Digest } from '../../../sip-gateway/proxy/digest.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const QUESTION = { method: 'REGISTER', uri: 'sip:ringproof.local', users: ['bob', 'bobby'], flowId: 'flow-1' };

/** The client's side of RFC 2617, written from the RFC. */
function answer(challenge: string, changes: Readonly<Record<string, string>> = {}): string {
  const nonce = /nonce="([^"]+)"/.exec(challenge)?.[1] ?? '';
  const given = {
    username: 'bob',
    realm: 'ringproof.local',
    nonce,
    uri: QUESTION.uri,
    nc: '00000001',
    cnonce: 'c',
    password: 'secret',
    ...changes,
  };
  const ha1 = md5(`${given.username}:${given.realm}:${given.password}`);
  const ha2 = md5(`REGISTER:${given.uri}`);
  const response = changes['response'] ?? md5(`${ha1}:${given.nonce}:${given.nc}:${given.cnonce}:auth:${ha2}`);
  return (
    `Digest algorithm=MD5, username="${given.username}", realm="${given.realm}", nonce="${given.nonce}", ` +
    `uri="${given.uri}", response="${response}", qop=${changes['qop'] ?? 'auth'}, cnonce="${given.cnonce}", nc=${given.nc}`
  );
}

describe('Digest authentication', () => {
  let now: number;
  let digest: Digest;

  beforeEach(() => {
    now = 1_700_000_000_000;
    digest = new Digest({ realm: 'ringproof.local', password: 'secret', clock: () => now, maxNonces: 5 });
  });

  const check = (credentials: string | undefined, changes: Partial<typeof QUESTION> = {}) =>
    digest.check({ ...QUESTION, ...changes, credentials });

  it('takes the right password', () => {
    expect(check(answer(digest.challenge('flow-1')))).toBe('right');
  });

  it('takes the example of a whole exchange with MD5 and qop auth only', () => {
    expect(digest.challenge('flow-1')).toMatch(
      /^Digest realm="ringproof\.local", nonce="[^"]+", algorithm=MD5, qop="auth"$/,
    );
  });

  it('takes any of the users that the sender may be', () => {
    expect(check(answer(digest.challenge('flow-1'), { username: 'bobby' }))).toBe('right');
  });

  it.each([
    ['another password', { password: 'Secret' }],
    ['another user', { username: 'eve' }],
    ['another URI', { uri: 'sip:example.com' }],
    ['a response that is no hash', { response: 'x' }],
    ['no count', { nc: '00000000' }],
    ['a count that is no number', { nc: 'zz' }],
    ['another quality of protection', { qop: 'auth-int' }],
  ])('refuses %s', (_what, changes) => {
    expect(check(answer(digest.challenge('flow-1'), changes))).toBe('wrong');
  });

  it.each([undefined, '', 'Basic abc', 'Digest', 'Digest realm="other"', 'Digest username="a', 'Digest ,,,'])(
    'asks again for %j',
    (credentials) => {
      expect(check(credentials)).toBe('missing');
    },
  );

  it('takes a nonce again only with a higher count', () => {
    const challenge = digest.challenge('flow-1');
    const verdicts = ['00000001', '00000001', '00000002', '00000001'].map((nc) => check(answer(challenge, { nc })));
    expect(verdicts).toEqual(['right', 'stale', 'right', 'stale']);
  });

  it('does not let a wrong answer use up a count', () => {
    const challenge = digest.challenge('flow-1');
    check(answer(challenge, { password: 'wrong' }));
    expect(check(answer(challenge))).toBe('right');
  });

  it('takes a nonce for five minutes', () => {
    const challenge = digest.challenge('flow-1');
    now += 300_000;
    const last = check(answer(challenge));
    now += 1;
    expect([last, check(answer(challenge, { nc: '00000002' }))]).toEqual(['right', 'stale']);
  });

  it('takes a nonce on the connection only that it was given on', () => {
    expect(check(answer(digest.challenge('flow-1')), { flowId: 'flow-2' })).toBe('stale');
  });

  it('takes no nonce of its own making by somebody else', () => {
    const other = new Digest({ realm: 'ringproof.local', password: 'secret', clock: () => now, maxNonces: 5 });
    expect(check(answer(other.challenge('flow-1')))).toBe('stale');
  });

  it('says stale in the challenge, so that a client asks nobody for the password again', () => {
    expect(digest.challenge('flow-1', true)).toMatch(/, stale=true$/);
  });

  it('takes no nonce a second time after it had to forget it', () => {
    const first = answer(digest.challenge('flow-1'));
    check(first);
    for (let made = 0; made < 6; made += 1) {
      now += 1;
      check(answer(digest.challenge('flow-1')));
    }
    expect(check(first)).toBe('stale');
  });

  it('takes no nonce a second time after a sweep', () => {
    const first = answer(digest.challenge('flow-1'));
    check(first);
    now += 300_001;
    digest.sweep();
    expect(check(first)).toBe('stale');
  });
});
