import { describe, expect, it } from 'vitest';
import { destinationOf } from '../../../sip-gateway/agent/destination.ts';

describe('where a number is called', () => {
  it.each([
    ['+12025550123', 'sip:ringproof@pbx.example', 'sip:+12025550123@pbx.example;user=phone'],
    ['1001', 'sip:ringproof@127.0.0.1:5080', 'sip:1001@127.0.0.1:5080'],
    ['1001', 'sip:ringproof@pbx.example;transport=ws', 'sip:1001@pbx.example'],
    ['1001', 'sip:pbx.example', 'sip:1001@pbx.example'],
    ['1001', 'sip:ringproof@[2001:db8::1]:5080', 'sip:1001@[2001:db8::1]:5080'],
    ['front.desk', 'sip:ringproof@pbx.example', 'sip:front.desk@pbx.example'],
    ['*72', 'sip:ringproof@pbx.example', 'sip:*72@pbx.example'],
    ['#72', 'sip:ringproof@pbx.example', 'sip:%2372@pbx.example'],
    ['sip:desk@other.example', 'sip:ringproof@pbx.example', 'sip:desk@other.example'],
    ['sips:desk@other.example', 'sip:ringproof@pbx.example', 'sips:desk@other.example'],
  ])('%s by %s is %s', (to, own, target) => {
    expect(destinationOf(to, own)).toBe(target);
  });

  it.each(['', '+', '+1', 'two words', 'a@b', 'sip:two words@x', '1001\r\nVia: x', '+1202555012345678901'])(
    'there is none for %j',
    (to) => {
      expect(destinationOf(to, 'sip:ringproof@pbx.example')).toBeUndefined();
    },
  );
});
