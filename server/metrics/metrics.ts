import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry, type GaugeConfiguration } from 'prom-client';
import type { Verification } from '../verification/verification.ts';
import { CallClock } from './call-clock.ts';

export interface MetricsOptions {
  /** How each trunk is now. */
  readonly trunks: () => readonly { readonly name: string; readonly ready: boolean }[];
  /** How often the store's pages were written since the start, and how often they could not be. */
  readonly checkpoints?: () => { readonly written: number; readonly failed: number };
}

/** A refused request, by its stable code. */
export interface RefusedRequest {
  readonly problem?: string;
}

/** In a second. */
const NANOSECONDS = 1e9;
const CALL_SECONDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];
/** The trunk of a call that none took, or has taken yet. */
const NO_TRUNK = 'none';
const WRITE_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** What goes on, in Prometheus' text format: counts and times, never a number, an id or an address. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #clock = new CallClock();
  readonly #lag = monitorEventLoopDelay({ resolution: 20 });
  readonly #calls: Counter;
  readonly #machineRegular: Counter;
  readonly #verifications: Counter;
  readonly #refusals: Counter;
  readonly #refusedCalls: Counter;
  readonly #incoming: Counter;
  readonly #toRinging: Histogram;
  readonly #toAnswer: Histogram;
  readonly #writes: Histogram;

  constructor({ trunks, checkpoints }: MetricsOptions) {
    const registers = [this.#registry];
    this.#calls = new Counter({
      name: 'ringproof_calls_total',
      help: 'Calls that ended.',
      labelNames: ['outcome', 'method', 'trunk'],
      registers,
    });
    this.#machineRegular = new Counter({
      name: 'ringproof_machine_regular_calls_total',
      help: 'Calls that ended and whose keys came as regularly as only a machine presses them.',
      labelNames: ['method'],
      registers,
    });
    this.#verifications = new Counter({
      name: 'ringproof_verifications_total',
      help: 'Verifications made (created) and finished (verified, failed, …).',
      labelNames: ['status', 'method'],
      registers,
    });
    this.#refusals = new Counter({
      name: 'ringproof_refusals_total',
      help: 'Requests that were refused.',
      labelNames: ['code'],
      registers,
    });
    this.#refusedCalls = new Counter({
      name: 'ringproof_rule_refusals_total',
      help: 'Calls and codes that a rule refused.',
      labelNames: ['rule'],
      registers,
    });
    this.#incoming = new Counter({
      name: 'ringproof_incoming_calls_total',
      help: 'Calls that came in, by what was decided about them.',
      labelNames: ['result'],
      registers,
    });
    this.#toRinging = new Histogram({
      name: 'ringproof_call_setup_seconds',
      help: 'From a call being ordered to its ringing.',
      buckets: CALL_SECONDS,
      registers,
    });
    this.#toAnswer = new Histogram({
      name: 'ringproof_call_answer_seconds',
      help: 'From a call being ordered to its answer.',
      buckets: CALL_SECONDS,
      registers,
    });
    this.#writes = new Histogram({
      name: 'ringproof_store_write_seconds',
      help: 'Until a change cannot be lost any more.',
      labelNames: ['result'],
      buckets: WRITE_SECONDS,
      registers,
    });
    if (checkpoints) this.#addCheckpoints(checkpoints);
    this.#addGauges(trunks);
    this.#lag.enable();
  }

  readonly contentType = this.#registry.contentType;

  async text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** A change of a verification that was stored. */
  changed(stored: Verification, before: Verification | undefined): void {
    const { method, status, call } = stored;
    if (!before) this.#verifications.inc({ status: 'created', method });
    else if (before.status !== status) this.#verifications.inc({ status, method });
    const seconds = this.#clock.changed(stored, before);
    if (seconds.toRinging !== undefined) this.#toRinging.observe(seconds.toRinging);
    if (seconds.toAnswer !== undefined) this.#toAnswer.observe(seconds.toAnswer);
    if (seconds.hasEnded && call.outcome !== undefined) {
      this.#calls.inc({ outcome: call.outcome, method, trunk: call.trunk ?? NO_TRUNK });
      if (call.keyTiming === 'machine-regular') this.#machineRegular.inc({ method });
    }
  }

  /** A call came in; `result` is a stable word. */
  cameIn(result: string): void {
    this.#incoming.inc({ result });
  }

  asked({ problem }: RefusedRequest): void {
    if (problem !== undefined) this.#refusals.inc({ code: problem });
  }

  /** By the name of the rule (docs/rules.md). */
  refused(rule: string): void {
    this.#refusedCalls.inc({ rule });
  }

  wrote(milliseconds: number, result: 'stored' | 'failed'): void {
    this.#writes.observe({ result }, milliseconds / 1_000);
  }

  /** Harmless when called twice. */
  close(): void {
    this.#lag.disable();
  }

  #addCheckpoints(checkpoints: NonNullable<MetricsOptions['checkpoints']>): void {
    const counter: Counter = new Counter({
      name: 'ringproof_store_checkpoints_total',
      help: 'Times that the store’s pages were written (written) or could not be (failed).',
      labelNames: ['result'],
      registers: [],
      collect: () => {
        counter.reset();
        for (const [result, count] of Object.entries(checkpoints())) counter.inc({ result }, count);
      },
    });
    this.#registry.registerMetric(counter);
  }

  #addGauges(trunks: MetricsOptions['trunks']): void {
    this.#addGauge(
      { name: 'ringproof_live_calls', help: 'Calls that have not ended.', labelNames: ['trunk'] },
      (gauge) => {
        gauge.reset();
        for (const { name } of trunks()) gauge.set({ trunk: name }, 0);
        for (const trunk of this.#clock.liveTrunks) gauge.inc({ trunk: trunk ?? NO_TRUNK });
      },
    );
    this.#addGauge(
      {
        name: 'ringproof_trunk_ready',
        help: '1 when calls can be placed: connected and, where the trunk wants it, registered.',
        labelNames: ['trunk'],
      },
      (gauge) => {
        for (const { name, ready } of trunks()) gauge.set({ trunk: name }, ready ? 1 : 0);
      },
    );
    this.#addGauge(
      {
        name: 'ringproof_event_loop_lag_seconds',
        help: 'How late the event loop was since the last scrape.',
        labelNames: ['quantile'],
      },
      (gauge) => this.#readLag(gauge),
    );
    this.#addGauge({ name: 'ringproof_resident_memory_bytes', help: 'Memory of the web server’s process.' }, (gauge) =>
      gauge.set(process.memoryUsage.rss()),
    );
  }

  /** One that is read when somebody looks. */
  #addGauge(about: GaugeConfiguration<string>, read: (gauge: Gauge) => void): void {
    const gauge: Gauge = new Gauge({ ...about, registers: [], collect: () => read(gauge) });
    this.#registry.registerMetric(gauge);
  }

  #readLag(gauge: Gauge): void {
    for (const quantile of [50, 99, 100]) {
      const late = this.#lag.percentile(quantile) / NANOSECONDS;
      gauge.set({ quantile: String(quantile / 100) }, Number.isFinite(late) ? late : 0);
    }
    this.#lag.reset();
  }
}
