import type { Log } from '../log.ts';
import { systemCodeOf } from '../storage/disk-words.ts';
import { VerificationError } from '../verification/errors.ts';

/** Whether this is the store that cannot write: it is told of once, however many it hits. */
export function isStoreOutage(error: unknown): error is VerificationError {
  return error instanceof VerificationError && error.code === 'storage_unavailable';
}

/** Says in the log when the store begins to fail, with the system's reason, and when it works again. */
export function watchStore(log: Log): (result: 'stored' | 'failed', error?: unknown) => void {
  let isFailing = false;
  return (result, error) => {
    if (result === 'failed' && !isStoreOutage(error)) return;
    const hasFailed = result === 'failed';
    if (hasFailed === isFailing) return;
    isFailing = hasFailed;
    if (hasFailed) log('error', 'store.failed', { reason: systemCodeOf(error) });
    else log('info', 'store.recovered');
  };
}
