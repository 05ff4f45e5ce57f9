import { describe, expect, it } from 'vitest';
import { routeStatus } from '../../../server/telephony/route-status.ts';
import type { TelephonyStatus, TrunkStatus } from '../../../server/verification/ports.ts';
import { statusOf } from '../../../sip-gateway/trunks/trunks-status.ts';
import { TRUNK } from '../../fakes/agent-line.ts';

const CONFIGS = [
  { ...TRUNK, url: 'ws://127.0.0.1:1', name: 'london', prefixes: ['+44'] },
  { ...TRUNK, url: 'ws://127.0.0.1:2', name: 'world', prefixes: ['+1', '+44'] },
];
const BRITON = '+442071838750';

const up = (name: string): TrunkStatus => ({ name, ready: true });
const full = (name: string): TrunkStatus => ({ name, ready: true, full: true });
const down = (name: string): TrunkStatus => ({
  name,
  ready: false,
  reason: 'trunk-refused',
  detail: `REGISTER: 403 at ${name}`,
});
const of = (to: string, trunks: readonly TrunkStatus[], trunk?: string) =>
  routeStatus({ to, ...(trunk !== undefined && { trunk }) }, CONFIGS, statusOf(trunks));

describe('whether a call could be placed', () => {
  it('is yes while one trunk that carries it is ready and not full', () => {
    expect(of(BRITON, [down('london'), up('world')])).toEqual({ ready: true });
    expect(of(BRITON, [full('london'), up('world')])).toEqual({ ready: true });
  });

  it('is no, for ever, where no trunk carries such numbers', () => {
    expect(of('+8613800138000', [up('london'), up('world')])).toMatchObject({ ready: false, reason: 'no-trunk' });
    expect(of('+12025550123', [up('london'), up('world')], 'london')).toMatchObject({ reason: 'no-trunk' });
  });

  it('is no, and why, where all that carry it are down, whatever the others do', () => {
    expect(of('+12025550123', [up('london'), down('world')])).toEqual({
      ready: false,
      reason: 'trunk-refused',
      detail: 'REGISTER: 403 at world',
    });
  });

  it('is no where all that carry it and work are full', () => {
    expect(of(BRITON, [full('london'), full('world')])).toMatchObject({ ready: false, reason: 'trunks-full' });
    expect(of(BRITON, [down('london'), full('world')])).toMatchObject({ ready: false, reason: 'trunks-full' });
  });

  it('is what the voice server is where it tells of no trunk', () => {
    const gone: TelephonyStatus = { ready: false, reason: 'gateway-down', detail: 'it stopped' };
    expect(routeStatus({ to: BRITON }, CONFIGS, gone)).toEqual(gone);
    expect(routeStatus({ to: BRITON }, CONFIGS, { ready: true })).toEqual({ ready: true });
  });
});
