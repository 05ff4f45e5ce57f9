import { beforeEach, describe, expect, it } from 'vitest';
import { Registrar } from '../../../sip-gateway/proxy/registrar.ts';
import { registerRequest } from './support/sip-text.ts';

describe('The registrar', () => {
  let now: number;
  let registrar: Registrar;

  beforeEach(() => {
    now = 1_000_000;
    registrar = new Registrar(() => now, { bindingsPerUser: 3, users: 3 });
  });

  const register = (contact: string, options: Parameters<typeof registerRequest>[1] & { flow?: string } = {}) =>
    registrar.register('bob', options.flow ?? 'flow-1', registerRequest([contact], options));
  const contactsOf = (user: string) => registrar.bindingsOf(user).map(({ contact }) => contact);

  it('remembers a contact until it expires', () => {
    register('<sip:b@x>;expires=60');
    now += 59_999;
    const before = contactsOf('bob');
    now += 1;
    expect([before, contactsOf('bob')]).toEqual([['sip:b@x'], []]);
  });

  it('takes the parameter before the header field, and that before its own default', () => {
    registrar.register('bob', 'f', registerRequest(['<sip:a@x>;expires=100', '<sip:b@x>'], { expires: 200 }));
    registrar.register('eve', 'f', registerRequest(['<sip:c@x>']));
    const left = registrar.all().map(({ expiresAt }) => (expiresAt - now) / 1000);
    expect(left).toEqual([200, 100, 600]);
  });

  it('grants an hour at most', () => {
    register('<sip:b@x>;expires=999999');
    expect(registrar.bindingsOf('bob')[0]?.expiresAt).toBe(now + 3_600_000);
  });

  it('refuses less than a minute, but takes zero as the end', () => {
    register('<sip:b@x>;expires=60');
    const brief = register('<sip:b@x>;expires=59', { cseq: 2 });
    register('<sip:b@x>;expires=0', { cseq: 3 });
    expect([brief, contactsOf('bob')]).toEqual([{ type: 'too-brief', minExpires: 60 }, []]);
  });

  it('changes nothing when one contact of a request is refused', () => {
    registrar.register('bob', 'f', registerRequest(['<sip:a@x>;expires=600', '<sip:b@x>;expires=1']));
    expect(contactsOf('bob')).toEqual([]);
  });

  it('answers a question without changing anything', () => {
    register('<sip:b@x>');
    const asked = registrar.register('bob', 'flow-2', registerRequest([], { cseq: 2 }));
    expect(asked).toMatchObject({ type: 'ok', changed: false, bindings: [{ contact: 'sip:b@x', flowId: 'flow-1' }] });
  });

  it('puts the newest contact first', () => {
    register('<sip:a@x>');
    register('<sip:b@x>', { callId: 'reg-2' });
    expect(contactsOf('bob')).toEqual(['sip:b@x', 'sip:a@x']);
  });

  it('replaces a contact that registers again', () => {
    register('<sip:b@x;transport=ws>');
    register('<sip:b@x;transport=ws;ob>', { cseq: 2 });
    expect(contactsOf('bob')).toEqual(['sip:b@x;transport=ws;ob']);
  });

  it('knows an instance again by its id, on another connection and with another contact', () => {
    const outbound = ';reg-id=1;+sip.instance="<urn:uuid:1>"';
    register(`<sip:a@x>${outbound}`);
    register(`<sip:b@y>${outbound}`, { flow: 'flow-2', callId: 'reg-2' });
    expect(registrar.bindingsOf('bob')).toMatchObject([{ contact: 'sip:b@y', flowId: 'flow-2' }]);
  });

  it('keeps two instances apart', () => {
    register('<sip:a@x>;reg-id=1;+sip.instance="<urn:uuid:1>"');
    register('<sip:b@x>;reg-id=1;+sip.instance="<urn:uuid:2>"', { callId: 'reg-2' });
    expect(contactsOf('bob')).toHaveLength(2);
  });

  it('does not let an older request overtake a newer one', () => {
    register('<sip:b@x>', { cseq: 5 });
    expect(register('<sip:b@x>;expires=0', { cseq: 5 })).toEqual({ type: 'out-of-order' });
  });

  it('takes all contacts away with a star', () => {
    register('<sip:a@x>');
    register('<sip:b@x>', { callId: 'reg-2' });
    register('*', { callId: 'reg-3', expires: 0 });
    expect(contactsOf('bob')).toEqual([]);
  });

  it('refuses a star that does not end something', () => {
    expect(register('*', { expires: 600 })).toMatchObject({ type: 'bad-request' });
  });

  it('forgets what came over a connection that is gone, and only that', () => {
    register('<sip:a@x>');
    register('<sip:b@x>', { flow: 'flow-2', callId: 'reg-2' });
    registrar.forgetFlow('flow-2');
    expect(contactsOf('bob')).toEqual(['sip:a@x']);
  });

  it('tells a user who is away from one who was never here', () => {
    register('<sip:a@x>');
    registrar.forgetFlow('flow-1');
    expect([registrar.isKnown('bob'), registrar.isKnown('eve')]).toEqual([true, false]);
  });

  it('does not take a user for known whose registration failed', () => {
    register('<sip:a@x>;expires=1');
    expect(registrar.isKnown('bob')).toBe(false);
  });

  it('keeps no more contacts of one user than allowed', () => {
    const results = ['a', 'b', 'c', 'd'].map((name) => register(`<sip:${name}@x>`, { callId: name }).type);
    expect(results).toEqual(['ok', 'ok', 'ok', 'full']);
  });

  it('keeps no more users than allowed, and has room again when one is swept', () => {
    const add = (user: string) => registrar.register(user, 'f', registerRequest(['<sip:a@x>;expires=60'])).type;
    const first = ['a', 'b', 'c', 'd'].map(add);
    now += 60_000;
    registrar.sweep();
    expect([first, add('d')]).toEqual([['ok', 'ok', 'ok', 'full'], 'ok']);
  });

  it('keeps the parameters of a contact as they were written', () => {
    register('<sip:a@x>;+sip.ice;reg-id=1;+sip.instance="<urn:uuid:1>";expires=100');
    expect(registrar.bindingsOf('bob')[0]?.params).toBe(';+sip.ice;reg-id=1;+sip.instance="<urn:uuid:1>"');
  });
});
