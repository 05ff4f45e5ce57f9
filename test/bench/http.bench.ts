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

/** The rules' limits are off where only this machine asks, and on for everyone else. */
const OURS = ['ours', 'ours, limits on'] as const;
type Ours = (typeof OURS)[number];

interface Measured extends LoadResult {
  readonly operation: Operation;
  readonly live: number;
  readonly server: 'bare' | Ours;
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
  const aims = measured
    .filter(({ server }) => server === 'ours')
    .map(({ operation, live, share }): Aim => ({
      what: `${operation} at ${live} live, of a bare server's requests/s`,
      measured: share,
      bound: 'at-least',
      aim: AIMS[operation],
    }));
  const growths = OURS.map((server): Aim => ({
    what: `CPU of a creation (${server}) at ${LIVE[2]} live, of that at ${LIVE[0]}`,
    measured: rounded(cpuOfCreation(measured, server, LIVE[2]) / cpuOfCreation(measured, server, LIVE[0]), 2),
    bound: 'at-most',
    aim: MAX_GROWTH,
  }));
  return { name: 'http', rows, aims: [...aims, ...growths] };
}

async function measure(live: number): Promise<Measured[]> {
  const bare = await TargetProcess.start('bare');
  const ours = await TargetProcess.start('unlimited', live);
  const measured: Measured[] = [];
  for (const operation of OPERATIONS) measured.push(...(await compare({ bare, ours, live, operation }, 'ours')));
  await ours.stop();
  // A wrong code too many is refused there, so that only creations are asked for.
  const limited = await TargetProcess.start('limited', live);
  const [, created] = await compare({ bare, ours: limited, live, operation: 'create' }, 'ours, limits on');
  if (created) measured.push(created);
  await limited.stop();
  await bare.stop();
  return measured;
}

interface Compared {
  readonly bare: TargetProcess;
  readonly ours: TargetProcess;
  readonly live: number;
  readonly operation: Operation;
}

async function compare({ bare, ours, live, operation }: Compared, server: Ours): Promise<Measured[]> {
  await ask(bare, operation, WARM_UP);
  await ask(ours, operation, WARM_UP);
  const rounds: { readonly bare: Round; readonly ours: Round }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const requests = REQUESTS_A_ROUND[operation];
    rounds.push({ bare: await ask(bare, operation, requests), ours: await ask(ours, operation, requests) });
  }
  const share = rounded(median(rounds.map((each) => each.ours.perSecond / each.bare.perSecond)), 2);
  return [
    { operation, live, server: 'bare', ...middle(rounds.map((each) => each.bare)), share: 1 },
    { operation, live, server, ...middle(rounds.map((each) => each.ours)), share },
  ];
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

let nextNumber = 2_000_000;

const REQUEST: Readonly<Record<Operation, (made: readonly Made[]) => NextRequest>> = {
  read: (made) => (n) => {
    const { id, token } = pick(made, n);
    return `GET /v1/verifications/${id} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  },
  check: (made) => (n) => {
    const { id, token } = pick(made, n);
    return post(`/v1/verifications/${id}/check`, '{"code":"0000000000"}', `Authorization: Bearer ${token}\r\n`);
  },
  // Never the same number twice: each call to it would have to wait longer.
  create: () => () =>
    post('/v1/verifications', `{"to":"+1212${String(nextNumber++)}","method":"keypad","locale":"en"}`, ''),
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

function cpuOfCreation(measured: readonly Measured[], server: Ours, live: number): number {
  return measured.find((each) => each.operation === 'create' && each.server === server && each.live === live)?.cpu ?? 0;
}
