import { describe, expect, it } from 'vitest';
import { FlowTokens, type FlowTarget } from '../../../sip-gateway/proxy/flow-token.ts';

const TARGET: FlowTarget = { side: 'callee', flowId: 'abc', user: '+1 202' };

describe('A flow token', () => {
  it('is read as it was written', () => {
    const tokens = new FlowTokens();
    expect(tokens.read(tokens.write(TARGET))).toEqual(TARGET);
  });

  it('needs no escape in a SIP URI', () => {
    expect(new FlowTokens().write(TARGET)).toMatch(/^[\w.-]+$/);
  });

  it('of another proxy is worth nothing', () => {
    expect(new FlowTokens().read(new FlowTokens().write(TARGET))).toBeUndefined();
  });

  it.each(['', '.', 'abc', 'abc.def', '.AAAAAAAAAAAAAAAA'])('%j is none', (token) => {
    expect(new FlowTokens().read(token)).toBeUndefined();
  });
});
