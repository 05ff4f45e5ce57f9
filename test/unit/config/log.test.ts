import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog, type LogFields } from '../../../server/log.ts';

function written(fields: LogFields, human = false): string {
  return writtenOf('call.placed', fields, human);
}

function writtenOf(event: string, fields: LogFields, human = false): string {
  const lines: string[] = [];
  createLog({ level: 'debug', write: (line) => lines.push(line), human })('info', event, fields);
  return lines.join('');
}

describe('the log', () => {
  it('writes one line of JSON with level, time and event', () => {
    expect(JSON.parse(written({ port: 3000 }))).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-/),
      event: 'call.placed',
      port: 3000,
    });
  });

  it.each([
    'code',
    'token',
    'to',
    'number',
    'password',
    'secret',
    'key',
    'authorization',
    'digit',
    'gate',
    'extension',
    'receipt',
  ])('hides a field named %s', (name) => {
    expect(written({ [name]: 'anything' })).not.toContain('anything');
  });

  it.each([
    'calling +12025550123 now',
    'sip:2025550123@pbx.example is gone',
    'the code 482913 was keyed',
    'GET /verifications/%2B12025550123',
    'calling +1 202 555 0123 now',
    'calling (202) 555-0123 now',
    'calling 202.555.0123, please',
    'calling +1.202.255.123 now',
    'tel:+1-202-555-0123',
    'tel:+1(202)555\u00a00123',
    'to=%2B1%20202%20555%200123',
    'to=%2b1+202+555+0123&method=keypad',
    'to=%28202%29%20555%2D0123',
    'to=%2B1%C2%A0202%C2%A0555%C2%A00123',
    '01.23.45.67.89 is French',
    '33.1.23.45.67.89 is too',
    'the code 482 913 was spoken',
    'the code 4 8 2 9 1 3 was spoken',
    'the code 4-8-2-9-1-3 was keyed',
    'one of \u0662\u0660\u0662\u0665\u0665\u0665\u0660\u0661\u0662\u0663',
    '2025-550-123 is no day',
    'sip:1_202_555_0123@pbx.example is gone',
    'calling 202\u200b555\u200b0123 now',
  ])('masks the digits in "%s"', (text) => {
    const { message } = JSON.parse(written({ message: text }));
    expect(message).toContain('[digits]');
    expect(message.replaceAll(/%[0-9a-f]{2}/gi, '').match(/\p{Nd}/gu) ?? []).toHaveLength(0);
  });

  it('masks every number with a plus, whatever people and forms put between its digits', () => {
    const gap = fc.array(
      fc.constantFrom(' ', '-', '.', '(', ')', '/', '\u00a0', '\u2013', '%20', '%28', '%29', '%2D'),
      {
        maxLength: 3,
      },
    );
    const number = fc.array(fc.tuple(fc.nat({ max: 9 }), gap), { minLength: 7, maxLength: 15 });
    const holds = fc.property(number, (digits) => {
      const text = `+${digits.map(([digit, marks]) => `${digit}${marks.join('')}`).join('')}`;
      return !/\d/.test(JSON.parse(written({ message: text })).message.replaceAll(/%[\dA-F]{2}/g, ''));
    });
    expect(() => fc.assert(holds)).not.toThrow();
  });

  it.each([
    'connect ECONNREFUSED 127.0.0.1:5060',
    '192.168.100.200 went away',
    'since 2026-11-23T10:15:30.123Z',
    'since 2026-11-23 10:15:30',
    'at run (file:///srv/dist/server/main.js:123:45)',
    'call 2 of 3 in 10 minutes',
    'exit code 134, 12 calls lost',
    'SIP/2.0 486 Busy Here',
  ])('leaves "%s" as it is', (text) => {
    expect(JSON.parse(written({ message: text }))).toMatchObject({ message: text });
  });

  it.each(['requestId', 'verificationId', 'callId', 'webhook', 'mac', 'prefix'])(
    'leaves %s whole, by which lines are joined and calls recognised',
    (name) => {
      expect(JSON.parse(written({ [name]: 'ver_a1234567-89b' }))).toMatchObject({ [name]: 'ver_a1234567-89b' });
    },
  );

  it('leaves ports, statuses and ids readable', () => {
    const text = '127.0.0.1:54321 said 486 to 123e4567-e89b-12d3-a456-426614174000';
    expect(written({ message: text })).toContain(text);
  });

  it('has the Call-ID of a call that we place whole, and that of one that came in without what may be a number', () => {
    const fields = { sipCallId: '95ld49duovh749515i32' };
    expect(writtenOf('gateway.call.dialed', fields)).toContain('95ld49duovh749515i32');
    expect(writtenOf('gateway.call.came-in', fields)).toContain('95ld49duovh[digits]i32');
  });

  it('speaks in words at a terminal', () => {
    expect(written({ outcome: 'busy' }, true)).toMatch(/^\d\d:\d\d:\d\d info {2}call\.placed outcome=busy\n$/);
  });

  it('keeps to its level', () => {
    const lines: string[] = [];
    createLog({ level: 'warn', write: (line) => lines.push(line) })('info', 'quiet');
    expect(lines).toEqual([]);
  });
});
