import { median, rounded, type Aim, type Figures } from './figures.ts';
import { load, type LoadResult, type NextRequest } from './http/load.ts';
import type { Made } from './http/messages.ts';
import { TargetProcess } from './http/target-process.ts';

/** As many as the pages of a busy site keep open to one server. */
const CONNECTIONS = 64;
/** Asked before anything is counted: a server is measured as it runs, not as it starts. */
const WARM_UP = 5_000;
/** Bare and ours take turns, round by round: whatever else this machine does, it does to both. */
const ROUNDS = 5;
const REQUESTS_A_ROUND = { read: 15_000, check: 6_000, create: 4_000 } as const;
const LIVE = [100, 1_000, 10_000] as const;
/** What a bare Koa server with a router does, times this. */
const AIMS = { read: 0.7, check: 0.4, create: 0.4 } as const;
const MAX_GROWTH = 2;

type Operation = keyof typeof REQUESTS_A_ROUND;
const OPERATIONS = ['read', 'check', 'create'] as const;

interface Measured extends LoadResult {
  readonly operation: Operation;
  readonly live: number;
  readonly server: 'bare' | 'ours';
  /** Milliseconds of the server's process for each request, its threads that write included. */
  readonly cpu: number;
  /** Median of the rounds. */
  readonly share: number;
}

/** Create, check and read against a bare Koa server of the same minute, with more and more live verifications. */
export async function run(): Promise<Figures> {
  const measured: Measured[] = [];
  for (const live of LIVE) measured.push(...(await measure(live)));

  const rows = measured.map(({ operation, live, server, perSecond, p50, p99, cpu, share }) => ({
    operation,
    live,
    server,
    'requests/s': perSecond,
    'p50 ms': p50,
    'p99 ms': p99,
    'server CPU ms': cpu,
    'of bare': share,
  }));
  const ours = measured.filter(({ server }) => server === 'ours');
  const aims: Aim[] = ours.map(({ operation, live, share }) => ({
    what: `${operation} at ${live} live, of a bare server's requests/s`,
    measured: share,
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

async function measure(live: number): Promise<Measured[]> {
  const bare = await TargetProcess.start('bare');
  const ours = await TargetProcess.start('ours', live);
  const measured: Measured[] = [];
  for (const operation of OPERATIONS) {
    await ask(bare, operation, WARM_UP);
    await ask(ours, operation, WARM_UP);
    const rounds: { readonly bare: Round; readonly ours: Round }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const requests = REQUESTS_A_ROUND[operation];
      rounds.push({ bare: await ask(bare, operation, requests), ours: await ask(ours, operation, requests) });
    }
    const share = rounded(median(rounds.map((each) => each.ours.perSecond / each.bare.perSecond)), 2);
    measured.push({ operation, live, server: 'bare', ...middle(rounds.map((each) => each.bare)), share: 1 });
    measured.push({ operation, live, server: 'ours', ...middle(rounds.map((each) => each.ours)), share });
  }
  await bare.stop();
  await ours.stop();
  return measured;
}

interface Round extends LoadResult {
  readonly cpu: number;
}

async function ask(target: TargetProcess, operation: Operation, requests: number): Promise<Round> {
  await target.cpu();
  const result = await load({
    port: target.port,
    request: REQUEST[operation](target.made),
    status: operation === 'create' ? 201 : 200,
    connections: CONNECTIONS,
    requests,
  });
  const cpu = (await target.cpu()) / requests;
  // So that there are as many live ones in the next round as in this one.
  if (operation === 'create') await target.forget();
  return { ...result, cpu };
}

function middle(rounds: readonly Round[]): Round {
  const of = (name: keyof Round): number => median(rounds.map((round) => round[name]));
  return { perSecond: of('perSecond'), p50: of('p50'), p99: of('p99'), cpu: rounded(of('cpu'), 3) };
}

const REQUEST: Readonly<Record<Operation, (made: readonly Made[]) => NextRequest>> = {
  read: (made) => (n) => {
    const { id, token } = pick(made, n);
    return `GET /v1/verifications/${id} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  },
  check: (made) => (n) => {
    const { id, token } = pick(made, n);
    return post(`/v1/verifications/${id}/check`, '{"code":"0000000000"}', `Authorization: Bearer ${token}\r\n`);
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

function cpuOfCreation(measured: readonly Measured[], live: number): number {
  return measured.find((each) => each.operation === 'create' && each.live === live)?.cpu ?? 0;
}
