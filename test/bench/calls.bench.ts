import { runCalls, type CallFigures, type CallLoad, type Steadiness } from './calls/run-calls.ts';
import type { Aim, Figures } from './figures.ts';

/** The first two leave the machine free to be measured; the third takes what there is of it. */
const LOADS = {
  'keys by INFO, one way': {
    manner: { keys: 'info', talks: false, listenToEach: 4 },
    perSecond: 15,
    warmUp: 100,
    calls: 300,
    watchEach: 2,
  },
  'keys by RFC 4733, two ways': {
    manner: { keys: 'rfc4733', talks: true, listenToEach: 4 },
    perSecond: 8,
    warmUp: 100,
    calls: 160,
    watchEach: 2,
  },
  'five hundred at once': {
    manner: { keys: 'info', talks: false, listenToEach: 25, onePort: true },
    perSecond: 64,
    warmUp: 60,
    calls: 1_400,
    watchEach: 4,
  },
} as const satisfies Record<string, CallLoad>;

const FIRST_PACKET = 40;
const VERDICT = 40;

/** Real calls through the voice server's process to phones in another: what one costs, and how soon the phone hears it. */
export async function run(): Promise<Figures> {
  const measured: [keyof typeof LOADS, CallFigures][] = [];
  for (const [name, load] of entriesOf(LOADS)) measured.push([name, await runCalls(load)]);
  return {
    name: 'calls',
    rows: measured.map(([name, figures]) => rowOf(name, figures)),
    aims: measured.flatMap(([name, figures]) => aimsOf(name, figures)),
  };
}

function aimsOf(name: keyof typeof LOADS, figures: CallFigures): Aim[] {
  const aim = (what: string, measured: number, most: number): Aim => ({
    what: `${name}: ${what}`,
    measured,
    bound: 'at-most',
    aim: most,
  });
  const { cpu, rssPerCall, failed, mostAtOnce, onWire, inPhones } = figures;
  const { firstPacket, verdict, spacing, late } = typeof onWire === 'string' ? inPhones : onWire;
  const whole = aim('calls that failed', failed, 0);
  const heard = [
    aim('answer to first packet p95, ms', firstPacket.p95, FIRST_PACKET),
    aim('last key to verdict p95, ms', verdict.p95, VERDICT),
  ];
  if (name !== 'five hundred at once') {
    return [whole, aim('CPU of a call, ms', cpu, name === 'keys by INFO, one way' ? 12 : 20), ...heard];
  }
  return [
    { ...aim('calls at once', mostAtOnce, 500), bound: 'at-least' },
    whole,
    aim('RSS of a call, MB', rssPerCall, 0.25),
    aim('spacing of packets p95, ms', spacing.p95, 23),
    aim('packets that were late', late, 0),
    ...heard,
  ];
}

function rowOf(name: string, figures: CallFigures): Readonly<Record<string, string | number>> {
  const { onWire, inPhones, threads } = figures;
  return {
    calls: name,
    made: figures.calls,
    failed: figures.failed,
    'calls/s': figures.perSecond,
    'at once': figures.mostAtOnce,
    'CPU ms': figures.cpu,
    'of it main thread': figures.mainThreadCpu,
    'phones CPU ms': figures.phonesCpu,
    'RSS MB': figures.rssPerCall,
    'on the wire: first packet, verdict, spacing, late':
      typeof onWire === 'string' ? `not measured: ${onWire}` : told(onWire),
    'in the phones': told(inPhones),
    threads: Object.entries(threads)
      .filter(([, cpu]) => cpu > 0)
      .map(([thread, cpu]) => `${thread} ${cpu}`)
      .join(', '),
  };
}

/** Medians, 95th and 99th percentiles, milliseconds. */
function told({ firstPacket, verdict, spacing, late, packets }: Steadiness): string {
  return [
    `${firstPacket.p50}/${firstPacket.p95}`,
    `${verdict.p50}/${verdict.p95}`,
    `${spacing.p50}/${spacing.p95}/${spacing.p99}`,
    `${late} of ${packets}`,
  ].join(', ');
}

function entriesOf<Name extends string, Value>(record: Readonly<Record<Name, Value>>): [Name, Value][] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.entries forgets the names of the keys
  return Object.entries(record) as [Name, Value][];
}
