import { rounded, type Aim, type Figures } from './figures.ts';
import { load, type NextRequest } from './http/load.ts';
import type { Made } from './http/messages.ts';
import { TargetProcess } from './http/target-process.ts';

/** As many as the pages of a busy site keep open to one server. */
const CONNECTIONS = 64;
const REQUESTS = { read: 8_000, check: 4_000, create: 4_000 } as const;
const LIVE = [100, 1_000, 10_000] as const;
/** What a bare Koa server with a router does, times this. */
const AIMS = { read: 0.7, check: 0.4, create: 0.4 } as const;
const MAX_GROWTH = 2;

type Operation = keyof typeof REQUESTS;
const OPERATIONS = ['read', 'check', 'create'] as const;

interface Measured {
  readonly operation: Operation;
  readonly live: number | 'bare';
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the server, for each request. */
  readonly cpu: number;
}

/** Create, check and read against a bare Koa server of the same run, with more and more live verifications. */
export async function run(): Promise<Figures> {
  const bare = await measure('bare');
  const ours: Measured[] = [];
  for (const live of LIVE) ours.push(...(await measure(live)));
  // Once more at the end: the machine may have become slower meanwhile, and the better figure is the harder aim.
  const bareAgain = await measure('bare');
  const best = bare.map((first, n) => better(first, bareAgain[n] ?? first));

  const rows = [...best, ...ours].map(({ operation, live, perSecond, p50, p99, cpu }) => ({
    operation,
    live,
    'requests/s': perSecond,
    'p50 ms': p50,
    'p99 ms': p99,
    'server CPU ms': cpu,
    'of bare': live === 'bare' ? 1 : rounded(perSecond / bareOf(best, operation).perSecond, 2),
  }));
  const aims: Aim[] = ours.map(({ operation, live, perSecond }) => ({
    what: `${operation} at ${live} live, of a bare server's requests/s`,
    measured: rounded(perSecond / bareOf(best, operation).perSecond, 2),
    bound: 'at-least',
    aim: AIMS[operation],
  }));
  aims.push({
    what: `CPU of a creation at ${LIVE[2]} live, of that at ${LIVE[0]}`,
    measured: rounded(cpuOfCreation(ours, LIVE[2]) / cpuOfCreation(ours, LIVE[0]), 2),
    bound: 'at-most',
    aim: MAX_GROWTH,
  });
  return { name: 'http', rows, aims };
}

async function measure(live: number | 'bare'): Promise<Measured[]> {
  const target = live === 'bare' ? await TargetProcess.start('bare') : await TargetProcess.start('ours', live);
  const made = target.made.length > 0 ? target.made : [{ id: 'ver_0123456789abcdefghijkl', token: 'vt_bare' }];
  const measured: Measured[] = [];
  for (const operation of OPERATIONS) {
    const requests = REQUESTS[operation];
    await target.cpu();
    const result = await load({
      port: target.port,
      request: REQUEST[operation](made),
      status: operation === 'create' ? 201 : 200,
      connections: CONNECTIONS,
      requests,
    });
    const cpu = rounded((await target.cpu()) / (requests * 1.1), 3);
    measured.push({ operation, live, ...result, cpu });
  }
  await target.stop();
  return measured;
}

const REQUEST: Readonly<Record<Operation, (made: readonly Made[]) => NextRequest>> = {
  read: (made) => (n) => {
    const { id, token } = pick(made, n);
    return `GET /v1/verifications/${id} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  },
  check: (made) => (n) => {
    const { id, token } = pick(made, n);
    // Wrong almost always; a right one ends the verification, and a second check of it would not count.
    return post(`/v1/verifications/${id}/check`, '{"code":"000000"}', `Authorization: Bearer ${token}\r\n`);
  },
  create: () => (n) =>
    post('/v1/verifications', `{"to":"+1212${String(2_000_000 + n)}","method":"keypad","locale":"en"}`, ''),
};

function post(path: string, body: string, more: string): string {
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${more}`;
  return `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
}

function pick(made: readonly Made[], n: number): Made {
  const one = made[n % made.length];
  if (!one) throw new Error('nothing was made before');
  return one;
}

function bareOf(bare: readonly Measured[], operation: Operation): Measured {
  const found = bare.find((each) => each.operation === operation);
  if (!found) throw new Error(`${operation} was not measured`);
  return found;
}

function better(a: Measured, b: Measured): Measured {
  return a.perSecond >= b.perSecond ? a : b;
}

function cpuOfCreation(measured: readonly Measured[], live: number): number {
  return measured.find((each) => each.operation === 'create' && each.live === live)?.cpu ?? 0;
}
