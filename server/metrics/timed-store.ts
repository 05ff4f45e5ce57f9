import type { VerificationStore } from '../verification/ports.ts';

type Wrote = (ms: number, result: 'stored' | 'failed', error?: unknown) => void;

/** The same store; tells how long each write took, in milliseconds, and why it failed. */
export function timedStore(
  store: VerificationStore,
  { now, wrote }: { readonly now: () => number; readonly wrote: Wrote },
): VerificationStore {
  const timed = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    const startedAt = now();
    try {
      const result = await write();
      wrote(now() - startedAt, 'stored');
      return result;
    } catch (error) {
      wrote(now() - startedAt, 'failed', error);
      throw error;
    }
  };
  return new Proxy(store, {
    get(target, name) {
      switch (name) {
        case 'insert':
          return async (...args: Parameters<VerificationStore['insert']>) => timed(async () => target.insert(...args));
        case 'replace':
          return async (...args: Parameters<VerificationStore['replace']>) =>
            timed(async () => target.replace(...args));
        default: {
          const member: unknown = Reflect.get(target, name, target);
          return typeof member === 'function' ? member.bind(target) : member;
        }
      }
    },
  });
}
