import type { Settings } from '../config.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { Auditor } from '../audit/auditor.ts';
import type { RequestEntry } from '../http/middleware/request-log.ts';
import type { Readiness } from '../http/routes/health.ts';
import type { MetricsSource } from '../http/routes/metrics.ts';
import type { Log } from '../log.ts';
import { Metrics } from '../metrics/metrics.ts';
import { timedStore } from '../metrics/timed-store.ts';
import type { OperatorDecision } from '../rules/number-register.ts';
import { fileBeside } from '../storage/open-store.ts';
import { WriteProbe } from '../storage/write-probe.ts';
import type { TelephonyStatus, VerificationStore } from '../verification/ports.ts';
import { VerificationError } from '../verification/errors.ts';
import type { NumberPlan } from '../verification/phone-number.ts';
import type { IncomingResult } from '../verification/service.ts';
import type { Verification } from '../verification/verification.ts';
import type { CheckpointWatch } from './checkpoint-watch.ts';
import type { Closers } from './closers.ts';
import { watchStore } from './store-outage.ts';

const RETIRE_EVERY = 3_600_000;

interface OperationsDeps {
  readonly store: VerificationStore;
  readonly secret: Uint8Array;
  readonly checkpoints: Pick<CheckpointWatch, 'counts' | 'trouble'>;
  readonly telephonyStatus: () => TelephonyStatus;
  readonly numbers: NumberPlan;
  readonly closers: Closers;
  readonly log: Log;
  readonly now: () => number;
  readonly onError: (error: unknown, what: string) => void;
}

/** What an operator sees of a running server: the audit log, the metrics, the log of requests, and readiness. */
export interface Operations {
  /** The store, its writes timed. */
  readonly store: VerificationStore;
  /** Where Prometheus reads; absent without a token for it. */
  readonly metrics?: { readonly source: MetricsSource; readonly token: string };
  changed(stored: Verification, before: Verification | undefined): void;
  asked(entry: RequestEntry): void;
  /** A rule refused a call or a code. */
  refused(rule: string): void;
  /** What came of a call that came in. */
  cameIn(result: IncomingResult): void;
  readiness(): Promise<Readiness>;
  /** The operator has said something by a command. */
  decided(decision: OperatorDecision): void;
  /** A person was forgotten, with so many records; the audit log forgets whose lines they were. */
  erased(number: string, records: number): Promise<void>;
}

export async function openOperations(settings: Settings, deps: OperationsDeps): Promise<Operations> {
  const { checkpoints, closers, log, now, telephonyStatus } = deps;
  const audit = await openAudit(settings, deps);
  const auditor =
    audit &&
    new Auditor({ log: audit, since: audit.openedAfter, now, normalise: (typed) => numberIn(typed, deps.numbers) });
  const metrics = new Metrics({ trunks: () => telephonyStatus().trunks ?? [], checkpoints: () => checkpoints.counts });
  closers.add(async () => metrics.close());
  const probeFile = fileBeside(settings.RINGPROOF_STORE, 'probe');
  const probe = probeFile === undefined ? undefined : new WriteProbe(probeFile, now);
  const token = settings.RINGPROOF_METRICS_TOKEN;
  const watch = watchStore(log);
  return {
    store: timedStore(deps.store, {
      // Not the time of day, which may be set back meanwhile.
      now: () => performance.now(),
      wrote: (ms, result, error) => {
        metrics.wrote(ms, result);
        watch(result, error);
      },
    }),
    ...(token !== undefined && { metrics: { source: metrics, token } }),
    changed: (stored, before) => {
      metrics.changed(stored, before);
      auditor?.changed(stored, before);
    },
    asked: (entry) => {
      metrics.asked(entry);
      auditor?.asked(entry);
      const { address: _from, to: _number, ...fields } = entry;
      log(isProbe(entry.route) ? 'debug' : 'info', 'http.request', fields);
    },
    refused: (rule) => metrics.refused(rule),
    decided: (decision) => auditor?.decided(decision),
    erased: async (number, records) => {
      await audit?.forget(number, records);
    },
    cameIn: (result) => {
      metrics.cameIn(result);
      auditor?.cameIn(result);
    },
    readiness: async () => ({
      store: withTrouble(await storeReadiness(deps.store, probe, audit), checkpoints.trouble),
      telephony: telephonyStatus(),
    }),
  };
}

async function openAudit(
  settings: Settings,
  { secret, closers, log, now, onError }: OperationsDeps,
): Promise<AuditLog | undefined> {
  const folder = fileBeside(settings.RINGPROOF_STORE, 'audit');
  if (folder === undefined || !settings.RINGPROOF_AUDIT) return undefined;
  const audit = await AuditLog.open({
    folder,
    secret,
    retention: settings.RINGPROOF_AUDIT_RETENTION,
    now,
    onError: (error) => onError(error, 'writing the audit log'),
  });
  // The head in a log that is kept elsewhere is what shows a cut at the end: docs/operations.md.
  const anchor = (): void => log('info', 'audit.head', { seq: audit.head.seq, mac: audit.head.mac });
  const retire = (): void => {
    anchor();
    audit.retire().catch((error: unknown) => onError(error, 'retiring the audit log'));
  };
  const timer = setInterval(retire, RETIRE_EVERY).unref();
  retire();
  closers.add(async () => {
    clearInterval(timer);
    await audit.close();
    anchor();
  });
  return audit;
}

/** Whether a verification can be kept: reading says nothing about a disk that is full. */
async function storeReadiness(
  store: VerificationStore,
  probe: WriteProbe | undefined,
  audit: AuditLog | undefined,
): Promise<Readiness['store']> {
  try {
    await store.find('readyz');
    await probe?.check();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { ready: false, reason: 'store-failed', detail: `The store cannot be written (${code})` };
  }
  audit?.retry();
  if (audit?.isWriting === false) {
    return { ready: false, reason: 'audit-failed', detail: 'The audit log cannot be written' };
  }
  return { ready: true };
}

function numberIn(typed: string, numbers: NumberPlan): string | undefined {
  try {
    return numbers.normalise(typed);
  } catch (error) {
    if (error instanceof VerificationError) return undefined;
    throw error;
  }
}

/** A store whose pages cannot be written works for as long as its journal has room. */
function withTrouble(store: Readiness['store'], trouble: CheckpointWatch['trouble']): Readiness['store'] {
  if (!store.ready || !trouble) return store;
  if (trouble.isFull) return { ready: false, reason: 'store-failed', detail: trouble.detail };
  return { ...store, warning: trouble.detail };
}

function isProbe(route: string): boolean {
  return route === '/healthz' || route === '/readyz' || route === '/metrics';
}
