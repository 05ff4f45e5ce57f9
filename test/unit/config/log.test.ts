import { describe, expect, it } from 'vitest';
import { createLog, type LogFields } from '../../../server/log.ts';

function written(fields: LogFields, human = false): string {
  const lines: string[] = [];
  createLog({ level: 'debug', write: (line) => lines.push(line), human })('info', 'call.placed', fields);
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
    'GET /v1/verifications/%2B12025550123',
  ])('masks the digits in "%s"', (text) => {
    expect(written({ message: text })).not.toMatch(/\d{6}/);
  });

  it('leaves ports, statuses and ids readable', () => {
    const text = '127.0.0.1:54321 said 486 to 123e4567-e89b-12d3-a456-426614174000';
    expect(written({ message: text })).toContain(text);
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
