import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RingproofProcess } from '../support/ringproof-process.ts';

const LIMIT = 90_000;
const JSON_LINE = z.looseObject({ who: z.string(), type: z.string().optional(), locale: z.string().optional() });

describe.concurrent('ringproof demo', { timeout: LIMIT }, () => {
  it('verifies a number by keypad and by its own call, shows page and phone, and ends with 0', async () => {
    const demo = await RingproofProcess.launch({ args: ['demo', '--scene', 'keypad', '--scene', 'dial-in'] });
    expect(await demo.exited).toEqual({ code: 0, signal: null });
    expect(demo.output).toContain('keypad: verified, told on the phone');
    expect(demo.output).toContain('dial-in: verified, told on the phone');
    expect(demo.output.match(/The phone is ringing/g)).toHaveLength(2);
    await demo.stop();
  });

  it('reaches a company’s telephone, and calls nobody again who said that the call was not theirs', async () => {
    const demo = await RingproofProcess.launch({ args: ['demo', '--scene', 'company-line', '--scene', 'not-me'] });
    expect(await demo.exited).toEqual({ code: 0, signal: null });
    expect(demo.output).toContain('the switchboard hears 2 0 4');
    expect(demo.output).toContain('company-line: verified, told on the phone');
    expect(demo.output).toContain('not-me: reported, not verified, thanked on the phone, not called again');
    await demo.stop();
  });

  it('speaks Mandarin, and tells everything as JSON, when asked to', async () => {
    const demo = await RingproofProcess.launch({ args: ['demo', '--json', '--locale', 'zh', '--scene', 'spoken'] });
    expect(await demo.exited).toEqual({ code: 0, signal: null });
    const told = demo.lines.map((line) => JSON_LINE.parse(JSON.parse(line)));
    const claims = { verified: true, 'told on the phone': true, 'the call said the page’s word': true };
    expect(told.at(-1)).toMatchObject({ who: 'demo', passed: true, results: [{ claims }] });
    expect(new Set(told.filter(({ type }) => type === 'heard').map(({ locale }) => locale))).toEqual(new Set(['zh']));
    await demo.stop();
  });

  it('says which scenes there are', async () => {
    const demo = await RingproofProcess.launch({ args: ['demo', '--scene', 'opera'] });
    expect((await demo.exited).code).toBe(2);
    expect(demo.output).toContain(
      '--scene: expected one of keypad, spoken, dial-in, company-line, not-me; got "opera"',
    );
    await demo.stop();
  });

  it('stops soon when asked to, and says that it did not come to its end', async () => {
    const demo = await RingproofProcess.launch({ args: ['demo'] });
    while (!demo.output.includes('KEYPAD')) await new Promise((resolve) => setTimeout(resolve, 20));
    const asked = Date.now();
    demo.signal('SIGINT');
    expect((await demo.exited).code).toBe(1);
    expect(demo.output).toContain('did not come to its end: stopped');
    expect(Date.now() - asked).toBeLessThan(10_000);
    await demo.stop();
  });
});
