import { quantile, rounded } from '../figures.ts';
import type { Measured, PhoneManner } from './messages.ts';
import { PhonesProcess } from './phones-process.ts';
import { costOf, threadsOf } from './process-cost.ts';
import { MeasuredVoiceServer } from './voice-server.ts';
import { Wire } from './wire.ts';

export interface CallLoad {
  readonly manner: PhoneManner;
  readonly perSecond: number;
  /** Calls that come before and are not counted: V8 is slow in the first hundred. */
  readonly warmUp: number;
  readonly calls: number;
  /** One call in so many, a power of two, is watched on the wire. */
  readonly watchEach: number;
}

export interface CallFigures {
  readonly calls: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly mostAtOnce: number;
  /** Of the voice server's process with all its threads, and of its main thread alone; milliseconds for each call. */
  readonly cpu: number;
  readonly mainThreadCpu: number;
  readonly phonesCpu: number;
  /** Megabytes above the voice server that has not made a call yet, for each call at the fullest moment. */
  readonly rssPerCall: number;
  /** By the kernel's times of the packets; or why there are none. */
  readonly onWire: Steadiness | string;
  /** By the times at which the phones' process had the packets, in clear. */
  readonly inPhones: Steadiness;
  readonly threads: Readonly<Record<string, number>>;
}

export interface Steadiness {
  readonly firstPacket: Quantiles;
  readonly verdict: Quantiles;
  readonly spacing: Quantiles;
  readonly packets: number;
  readonly late: number;
}

type Quantiles = { readonly p50: number; readonly p95: number; readonly p99: number };

/** Calls through a fresh voice server to fresh phones, begun at an even pace whatever becomes of the ones before. */
export async function runCalls({ manner, perSecond, warmUp, calls, watchEach }: CallLoad): Promise<CallFigures> {
  const phones = await PhonesProcess.start();
  const server = await MeasuredVoiceServer.start(phones.url);
  const idle = await server.cost();
  phones.measure(manner);
  await new Crowd(server, perSecond).place(warmUp);

  phones.measure(manner);
  const wire = await Wire.tap(watchEach);
  const [before, phonesBefore, threadsBefore] = [
    await server.cost(),
    await costOf(phones.pid),
    await threadsOf(server.pid),
  ];
  const begin = performance.now();
  const crowd = new Crowd(server, perSecond);
  await crowd.place(calls);
  const placedFor = crowd.lastPlacedAt - begin;
  const [after, phonesAfter, threadsAfter] = [
    await server.cost(),
    await costOf(phones.pid),
    await threadsOf(server.pid),
  ];
  const { measured, times } = await phones.report();
  const onWire = typeof wire === 'string' ? wire : steadiness(await wire.measured(times));
  await server.stop();
  await phones.stop();

  const each = (milliseconds: number): number => rounded(milliseconds / calls, 2);
  return {
    calls,
    failed: crowd.failed,
    perSecond: rounded((calls - 1) / (placedFor / 1_000)),
    mostAtOnce: crowd.most,
    cpu: each(after.cpu - before.cpu),
    mainThreadCpu: each(after.mainThread - before.mainThread),
    phonesCpu: each(phonesAfter.cpu - phonesBefore.cpu),
    rssPerCall: rounded((crowd.mostRss - idle.rss) / crowd.most, 3),
    onWire,
    inPhones: steadiness(measured),
    threads: Object.fromEntries(
      Object.entries(threadsAfter).map(([name, cpu]) => [name, each(cpu - (threadsBefore[name] ?? 0))]),
    ),
  };
}

/** Calls that begin at an even pace, and what they were at their most. */
export class Crowd {
  readonly #server: MeasuredVoiceServer;
  readonly #perSecond: number;
  #atOnce = 0;
  most = 0;
  mostRss = 0;
  failed = 0;
  lastPlacedAt = 0;

  constructor(server: MeasuredVoiceServer, perSecond: number) {
    this.#server = server;
    this.#perSecond = perSecond;
  }

  async place(calls: number): Promise<void> {
    const begin = performance.now();
    const ends: Promise<void>[] = [];
    const look = setInterval(() => void this.#look(), 500);
    for (let n = 0; n < calls; n += 1) {
      const due = begin + (n * 1_000) / this.#perSecond;
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resolve) => void setTimeout(resolve, wait));
      ends.push(this.#call());
    }
    this.lastPlacedAt = performance.now();
    await Promise.all(ends);
    clearInterval(look);
  }

  async #call(): Promise<void> {
    this.#atOnce += 1;
    this.most = Math.max(this.most, this.#atOnce);
    const { outcome } = await this.#server.call();
    this.#atOnce -= 1;
    if (outcome !== 'completed') this.failed += 1;
  }

  async #look(): Promise<void> {
    const { rss } = await this.#server.cost();
    this.mostRss = Math.max(this.mostRss, rss);
  }
}

function steadiness({ firstPacket, verdict, spacing, packets, late }: Measured): Steadiness {
  return {
    firstPacket: quantiles(firstPacket),
    verdict: quantiles(verdict),
    spacing: quantiles(spacing),
    packets,
    late,
  };
}

function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    p50: rounded(quantile(sorted, 0.5)),
    p95: rounded(quantile(sorted, 0.95)),
    p99: rounded(quantile(sorted, 0.99)),
  };
}
